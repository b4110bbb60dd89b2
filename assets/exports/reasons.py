"""Why a file or a row was refused or skipped: each code, what it says, and what to do. Codes are stable.

Add a code here before any reader uses it; the readers only name codes.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """A stable code's meaning in words an operator acts on."""

    says: str
    what_to_do: str


REASONS = {
    # whole files
    "unknown_format": Reason(
        "no known export has this header",
        "see with `edgewise formats` whether it is an export that is read, and take that one; where it is another shop system's "
        "order export, `edgewise formats new FILE` proposes how to read it",
    ),
    "ambiguous_format": Reason("the header fits more than one known export", "export it again with all columns"),
    "encoding_failed": Reason(
        "the bytes are neither UTF-8, UTF-16 nor GB18030 throughout",
        "download the file again, as it may have been cut off; do not save it in a text editor with another encoding",
    ),
    "page_without_table": Reason(
        "it is a web page without any table, such as one that asks to log in, saved under an export's name",
        "log in to the platform in the browser, and download the export again",
    ),
    "mixed_encoding": Reason(
        "it begins in UTF-8 and goes on in another encoding, as when two files were pasted together",
        "drop the two exports as two files",
    ),
    "encoding_ambiguous": Reason(
        "its column names are garbled: it was saved or converted in another encoding than it was written in",
        "download it again and drop it in as it is, without opening it in between",
    ),
    "field_too_long": Reason("a field is longer than 16 MB", "export the file again: a quotation mark or a line end is missing"),
    "file_too_large": Reason("the file is larger than 4 GB", "export a shorter time, such as month by month"),
    "too_many_columns": Reason(
        "it has more than 512 columns, and no known export has a quarter as many",
        "check that it is the export itself and not a table made of it; export it again",
    ),
    "archive_corrupt": Reason(
        "the zip archive, or the .xlsx workbook, which is packed as one, is cut short or damaged", "download the file again"
    ),
    "archive_encrypted": Reason("the zip archive asks for a password", "unpack it and drop the files in the inbox"),
    "archive_nested": Reason("the zip archive holds another archive", "unpack it and drop the files in the inbox"),
    "archive_too_large": Reason("the zip archive unpacks to more than 4 GB", "unpack it and split the export by month"),
    "archive_ratio": Reason(
        "a few bytes of it unpack to two hundred times as many, as no export does: it may be made to use up all memory",
        "do not open it; download the export from the platform again",
    ),
    "archive_members": Reason("the zip archive holds more than 10,000 files", "unpack it and drop the files in the inbox"),
    "archive_overlap": Reason(
        "files in the zip archive lie over one another, as no program packs them: it may be made to use up all memory",
        "do not open it; download the export from the platform again",
    ),
    "archive_duplicate": Reason(
        "two files in the zip archive have the same name, and which is meant cannot be told",
        "unpack it and drop the right files in the inbox",
    ),
    "archive_path": Reason(
        "a name in the zip archive leads out of its folder, is a link, or holds characters that cannot be seen",
        "do not unpack it; download the export from the platform again",
    ),
    "unbalanced_quote": Reason(
        "a quotation mark that is never closed would swallow all rows below it",
        'export the file again, as it may have been cut off there; or close or delete the mark in that row: look for a " in a '
        "note, an address or a title",
    ),
    "duplicate_header": Reason(
        "two columns that are needed have the same name and do not say the same", "export the file again with each column once"
    ),
    "not_regular_file": Reason("it is a link, a pipe or a device", "copy the file itself into the inbox"),
    "not_readable": Reason(
        "the system does not let it be read", "let the user that runs edgewise read the file, or copy it into the inbox again"
    ),
    "unstable_file": Reason(
        "it changed while it was read, as what is still being copied does", "nothing: it is read at the next run"
    ),
    "incomplete_set": Reason(
        "it belongs with other files of the same export that are not there",
        "put all files of the export in the store's folder",
    ),
    "ambiguous_set": Reason(
        "more than one file of the same part of the export is there", "leave one of each in the store's folder"
    ),
    "paid_basis_unconfirmed": Reason(
        "paid + refund is not what was payable on many paid rows, so what its paid column means is unsure",
        "export the order report itself, or send the header with a few rows to whoever keeps the format",
    ),
    "workbook_damaged": Reason("the workbook is cut short or damaged", "download it again"),
    "workbook_encrypted": Reason("the workbook asks for a password", "open it, save it without a password, and drop it in again"),
    "workbook_sparse": Reason(
        "the workbook's cells lie so far apart that reading it would take all memory",
        "export it again; if it was edited, delete what stands far below or to the right of the table",
    ),
    "workbook_too_large": Reason(
        "the workbook holds more than 50 million cells", "split the export by month, or export it as CSV"
    ),
    "too_many_sheets": Reason("the workbook has more than 256 sheets", "drop the sheets that are exports as files of their own"),
    "xml_dtd": Reason(
        "the workbook declares names of its own (<!DOCTYPE), as no spreadsheet does: it may be made to read other files",
        "do not open it; download the export from the platform again",
    ),
    "page_damaged": Reason("the page is damaged", "download it again"),
    "other_sheet": Reason("a sheet beside those that are read", "nothing"),
    "not_used": Reason("it is recognised, but no table holds what it tells yet", "nothing"),
    "day_unknown": Reason(
        "neither a column, nor a line above the header, nor the file's name says which day it shows",
        "put the day into the file's name, like 2026-04-19, or the file into a folder of that name",
    ),
    "period_not_a_day": Reason(
        "it shows several days together", "export it again for single days: unlike visitors cannot be added"
    ),
    "product_unknown": Reason("the file's name does not say which product it is about", "put the product's number into the name"),
    "reader_died": Reason(
        "it is damaged or too large: reading it took too much memory or crashed the reader",
        "download it again; if it ends so once more, export it in smaller files or as CSV",
    ),
    "reader_failed": Reason(
        "edgewise itself failed at it; the other files are not touched",
        "send what `edgewise explain` says of the file, and its header, to whoever keeps the format",
    ),
    "reader_timed_out": Reason(
        "reading it took longer than a minute, and another for every 100 MB",
        "where the machine had much else to do, look at it again with `edgewise run --full`; else split it into smaller files",
    ),
    "store_mismatch": Reason(
        "the file names another store than its folder", "move it to its store's folder, or correct the name in stores.csv"
    ),
    # rows
    "row_width": Reason(
        "the row has more or fewer fields than the header, so that its cells stand under the wrong names",
        "export again: a comma or a line break inside a field lost its quotation marks, as when a file is edited by hand",
    ),
    "cut_off": Reason(
        "the file ends in the middle of this row: it was cut off, and whatever came below it is missing",
        "download the file again",
    ),
    "other_export": Reason(
        "the columns of another export begin here: two exports were put into one file, and what follows stands under wrong names",
        "drop the two exports in as two files",
    ),
    "id_missing": Reason("the order, line or refund number is blank", "export the file again"),
    "id_unlike": Reason(
        "the order, line or refund number is not written as the platform writes its numbers, and may be a name or a telephone "
        "number: it is kept nowhere",
        "look whether the cells of the row stand under the right column names; export the file again",
    ),
    "id_lost_precision": Reason(
        "a spreadsheet turned the number into one like 3.3E+18 or rounded its last digits",
        "export again, and drop the file in without opening it in a spreadsheet: the digits that are lost cannot be got back",
    ),
    "control_character": Reason("the cell holds a character that cannot be seen", "correct the cell or export again"),
    "currency_unreadable": Reason("the currency is no code of three letters", "correct the cell or export again"),
    "status_unknown": Reason(
        "the status is a word that is not known, so that it cannot be told whether the order counts",
        "see the word in that cell; correct it if it was typed. Is it the platform's own: `edgewise formats NAME --toml`, kept "
        "in reference/formats/ with the word added under [statuses], is read in place of the built-in format",
    ),
    "date_missing": Reason("the order has no date it was placed on", "export with the order's creation time"),
    "date_unreadable": Reason(
        "the date does not exist or is not written as the platform writes dates",
        "correct the cell to the form of the rows around it, or export again and drop the file in without opening it in between",
    ),
    "date_in_future": Reason(
        "the date is years after the others of the file and has not come yet", "correct the year or export again"
    ),
    "date_order_ambiguous": Reason(
        "all dates of the file can be read with the day first and with the month first",
        "say the store's time zone in reference/stores.csv, or export a month with days after the 12th",
    ),
    "time_nonexistent": Reason(
        "the clocks of the store's time zone skip this time of day", "check the store's time zone in reference/stores.csv"
    ),
    "money_unreadable": Reason(
        "the amount is not a number like 1234.50: digits, at most two decimals, below ten billion",
        "look at the cell for a letter in place of a digit, brackets, a second point, or a comma in place of the point; correct "
        "it, or export the file again",
    ),
    "money_missing": Reason("an amount every row of this export has is blank", "export the file again"),
    "money_negative": Reason("the amount is negative where it never is", "correct the cell or export again"),
    "quantity_not_whole": Reason("the quantity is not a whole number below a million", "correct the cell or export again"),
    "quantity_negative": Reason("the quantity is negative", "correct the cell or export again"),
    "quantity_missing": Reason("the quantity is blank", "correct the cell or export again"),
    "paid_not_payable": Reason("paid + refund is not what was payable", "check the row against the platform's page"),
    "total_differs": Reason(
        "the total the file states is not the sum of its rows: rows are missing, stand twice, or are counted otherwise",
        "compare the total with the platform's page, and export the file again if rows are missing",
    ),
    "order_head_missing": Reason(
        "a further line of an order whose first row is not in the file, or is itself set aside",
        "mend the order's first row if it is told here; else export the whole order: the file was cut in the middle",
    ),
    "count_unreadable": Reason("the count is not a whole number", "correct the cell or export again"),
    "score_unreadable": Reason("the score is not a number with at most four decimals", "correct the cell or export again"),
    # rows that are no data
    "subset": Reason("part of another row, which counts it already", "nothing"),
    "roll_up": Reason("the total of other rows", "nothing"),
    "column_notes": Reason("a row that says what the columns mean", "nothing"),
    "not_a_day": Reason("it shows several days together", "export single days: visitors of several days cannot be added"),
    "not_a_product": Reason("a page that shows no product", "nothing"),
    "no_sku": Reason("a listing without an SKU, by which alone this export's listings are told", "give it one on the platform"),
    "not_a_variant": Reason("a further picture of a product, which lists nothing", "nothing"),
    "added_up": Reason("counted together with another row of the same key", "nothing"),
    "blank": Reason("a blank row", "nothing"),
    "repeated_header": Reason("the header again", "nothing"),
    "total_row": Reason("a total of the rows above", "nothing"),
    "no_line": Reason("an order without any line, which belongs to no store", "nothing"),
    "not_needed": Reason("a row no order refers to", "nothing"),
    "companion": Reason("read together with the export's other file, which accounts for it", "nothing"),
}

"""What personal data becomes: a pseudonym under the home's secret, each store's own; a province; a title without numbers.

That nothing else of it reaches disk is scanned for in test_bad_input.
"""

import hashlib
import hmac
import os
import re
from pathlib import Path
from zlib import crc32

import duckdb
import polars as pl
import pytest
import worlds
from homes import make_home, refreshed
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import published
from assets.exports import privacy
from assets.home import Home, UsageError
from assets.keys import key_id, pseudonym_key
from assets.ledger import Ledger
from pipelines.refresh import refresh
from pipelines.settings import settings_of

MANY = settings(max_examples=100)
BUYERS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).map(lambda name: f"{name}@example.com")
STORES = st.sampled_from(["taobao_a", "taobao_b", "示例丙店", "shopify us"])
KEYS = st.binary(min_size=32, max_size=32)
WORLD = worlds.mixed_world()

# ---- Pseudonyms -----------------------------------------------------------------------------------


def pseudonym(buyer: str | None, store: str, key: bytes) -> int | None:
    """The pseudonym of one buyer."""
    (found,) = privacy.pseudonyms(pl.Series([buyer], dtype=pl.String), pl.Series([store]), key).to_list()
    assert found is None or isinstance(found, int)
    return found


@MANY
@given(buyer=BUYERS, store=STORES, key=KEYS)
def test_a_buyer_of_a_store_is_one_pseudonym_under_one_key(buyer: str, store: str, key: bytes) -> None:
    """However its case and the blanks around it, alone or among others, today or in another process."""
    expected = pseudonym(buyer, store, key)
    assert pseudonym(f"  {buyer}\t", store, key) == expected
    together = privacy.pseudonyms(pl.Series(["x", buyer, None, buyer]), pl.Series([store] * 4), key).to_list()
    assert together[1:] == [expected, None, expected]
    digest = hmac.new(key.hex().encode(), f"{store}\0{buyer.strip().lower()}".encode(), hashlib.sha256).digest()
    if buyer.isascii():
        assert expected == int.from_bytes(digest[:8], signed=True)


@MANY
@given(buyer=BUYERS, other=BUYERS, key=KEYS, other_key=KEYS)
def test_another_store_key_or_buyer_is_another_pseudonym(buyer: str, other: str, key: bytes, other_key: bytes) -> None:
    """Two stores' buyers cannot be linked, nor two homes' or two epochs'."""
    found = pseudonym(buyer, "taobao_a", key)
    assert found != pseudonym(buyer, "taobao_b", key)
    if key != other_key:
        assert found != pseudonym(buyer, "taobao_a", other_key)
    if buyer.strip().lower() != other.strip().lower():
        assert found != pseudonym(other, "taobao_a", key)


def test_store_and_buyer_do_not_run_into_each_other() -> None:
    """The end of one and the start of the other are kept apart."""
    assert pseudonym("bc", "a", bytes(32)) != pseudonym("c", "ab", bytes(32))


@MANY
@given(buyer=BUYERS, store=STORES, key=KEYS)
def test_a_pseudonym_is_never_a_hash_anyone_could_make(buyer: str, store: str, key: bytes) -> None:
    """Whoever has a list of buyers and no key cannot look them up."""
    found = pseudonym(buyer, store, key)
    assert found is not None
    guesses = set()
    for text in (buyer, f"{store}\0{buyer}", f"{store}{buyer}", f"{buyer}{store}"):
        for word in (text, text.lower(), text.strip()):
            content = word.encode()
            digests = [hashlib.new(name, content).digest() for name in ("sha256", "sha1", "md5", "sha512", "blake2b")]
            digests += [hmac.new(made_up, content, hashlib.sha256).digest() for made_up in (b"", bytes(32), store.encode())]
            for digest in digests:
                guesses |= {digest[:8], digest[-8:]}
            guesses |= {crc32(content).to_bytes(8), pl.Series([word]).hash().cast(pl.UInt64)[0].to_bytes(8)}
    assert not {found.to_bytes(8, signed=True), found.to_bytes(8, "little", signed=True)} & guesses


def test_nobody_is_nobody() -> None:
    """Orders that name no buyer are not one buyer's."""
    assert pseudonym(None, "shop", bytes(32)) is None


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which two stores have the same buyers."""
    home = make_home(tmp_path_factory.mktemp("privacy"))
    WORLD.write(home.root)
    refreshed(home)
    return home


def landed_buyers(home: Home) -> dict[str, set[int]]:
    """The pseudonyms landed, by store."""
    orders = pl.concat([pl.read_parquet(path) for path in home.landed.glob("orders/*.parquet")]).drop_nulls("buyer")
    return {store: set(rows["buyer"]) for (store,), rows in orders.group_by("store")}


def test_two_stores_with_the_same_buyers_share_no_pseudonym(landed: Home) -> None:
    """And each store has as many as it has buyers."""
    people = {store.name: {order.person.key for order in WORLD.orders if order.store == store} for store in WORLD.stores}
    found = landed_buyers(landed)
    assert people["shopify_us"] & people["shopify_uk"], "no buyer is in both stores"
    assert {store: len(buyers) for store, buyers in found.items()} == {store: len(keys) for store, keys in people.items()}
    assert not found["shopify_us"] & found["shopify_uk"]


def test_no_pseudonym_is_published(landed: Home) -> None:
    """No cell of the published file is one, whatever its column; the private tables are in a file of their own."""
    everyone = set().union(*landed_buyers(landed).values())
    with published.open_published(landed) as database:
        columns = database.execute(
            "select table_name, column_name from duckdb_columns() where not internal and schema_name = 'main'"
        ).fetchall()
        assert ("store_metrics", "buyers") in columns
        for table, column in columns:
            cells = {str(cell) for (cell,) in database.execute(f'select distinct "{column}" from {table}').fetchall()}
            assert not cells & {str(buyer) for buyer in everyone}, f"{table}.{column}"
    with duckdb.connect(str(landed.warehouse / "private.duckdb"), read_only=True) as private:
        held = {buyer for (buyer,) in private.execute("select buyer from order_buyers").fetchall()}
    assert held == everyone


# ---- The key --------------------------------------------------------------------------------------


@pytest.fixture
def keyless(home: Home) -> Home:
    """A home that has no key yet."""
    home.key.unlink()
    return home


def test_the_key_is_made_once_for_its_owner_alone(keyless: Home) -> None:
    """256 bits that no other home has, readable by nobody else even where new files are open to all."""
    mask = os.umask(0)
    try:
        key = pseudonym_key(keyless, Ledger(keyless))
    finally:
        os.umask(mask)
    assert keyless.key.stat().st_mode & 0o777 == 0o600
    assert len(key) == 32
    made = keyless.key.stat()
    assert pseudonym_key(keyless, Ledger(keyless)) == key == keyless.key.read_bytes()
    assert keyless.key.stat() == made
    keyless.key.unlink()
    assert pseudonym_key(keyless, Ledger(keyless)) != key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644, 0o666, 0o610])
def test_a_key_that_others_can_reach_is_refused(home: Home, mode: int) -> None:
    """The message says which file and what to do, and never what is in it."""
    home.key.chmod(mode)
    with pytest.raises(UsageError, match="chmod 600") as told:
        pseudonym_key(home, Ledger(home))
    assert str(home.key) in str(told.value)
    assert home.key.read_bytes().hex() not in str(told.value)


@pytest.mark.parametrize("content", [b"", b"secret", bytes(31)])
def test_a_short_key_is_refused(home: Home, content: bytes) -> None:
    """A key that could be tried out protects nobody."""
    home.key.write_bytes(content)
    with pytest.raises(UsageError, match="shorter"):
        pseudonym_key(home, Ledger(home))


def test_a_keys_name_does_not_give_it_away() -> None:
    """The ledger names the key, so that another is noticed."""
    assert key_id(bytes(32)) == key_id(bytes(32)) != key_id(bytes(range(32)))
    assert key_id(bytes(32)) not in (hashlib.sha256(bytes(32)).hexdigest()[:12], bytes(32).hex()[:12])


def published_state(home: Home) -> tuple[str, list[str], int]:
    """What readers see, the generations there are, and the entries of the ledger."""
    return published.current_name(home), sorted(path.name for path in home.published.glob("g*")), len(Ledger(home).entries)


@pytest.mark.parametrize("change", ["missing", "another"])
def test_a_home_goes_on_under_another_key_only_if_told_to(home: Home, change: str) -> None:
    """A key the ledger names that is gone or another stops the run with a way out and changes nothing; the way out works."""
    shop = [file for file in WORLD.files if file.store == "shopify_us"]
    worlds.write_files(home.root, shop[:1])
    refreshed(home)
    before, (first,) = published_state(home), Ledger(home).key_ids
    buyers = landed_buyers(home)["shopify_us"]
    home.key.unlink()
    if change == "another":
        home.key.touch(mode=0o600)
        home.key.write_bytes(bytes(reversed(range(32))))
    worlds.write_files(home.root, shop[1:])
    with pytest.raises(UsageError, match="--new-key-epoch"):
        refreshed(home)
    assert published_state(home) == before
    assert home.key.exists() == (change == "another"), "a new key was made unasked"
    refresh(settings_of(home.root), new_key_epoch=True)
    assert Ledger(home).key_ids == (first, key_id(home.key.read_bytes()))
    assert home.key.stat().st_mode & 0o777 == 0o600
    since = landed_buyers(home)["shopify_us"] - buyers
    assert len(since) > 0
    refreshed(home)


# ---- Regions and free text ------------------------------------------------------------------------

PROVINCES = frozenset(
    re.findall(
        r"\w+",
        """北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州
        云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门""",
    )
)


def region(address: str | None) -> str | None:
    """The region of one address."""
    (found,) = privacy.region(pl.Series([address], dtype=pl.String)).to_list()
    assert found is None or isinstance(found, str)
    return found


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("浙江省 杭州市 西湖区 测试路001号(310000)", "浙江"),
        ("  内蒙古自治区 呼和浩特市 某街2号", "内蒙古"),
        ("黑龙江省哈尔滨市", "黑龙江"),
        ("上海 上海市 徐汇区", "上海"),
        ("NY", "NY"),
        (" NSW ", "NSW"),
        ("", None),
        (None, None),
        ("收货人甲01", None),
        ("测试路001号", None),
        ("某某 浙江省 杭州市", None),
        ("Ann Sample", None),
        ("1 Main Street", None),
        ("Ann", None),
        ("SW1A 1AA", None),
    ],
)
def test_a_region_is_a_province_or_a_states_code(address: str | None, expected: str | None) -> None:
    """What is not surely one is unknown."""
    assert region(address) == expected


@MANY
@given(
    address=st.text(max_size=30)
    | st.builds("{} {} {}".format, st.sampled_from(sorted(PROVINCES)), st.text(max_size=10), st.text(max_size=10))
    | st.from_regex(r"[A-Z]{1,3}[ a-z0-9]{0,8}", fullmatch=True)
)
def test_a_region_never_keeps_a_street_or_a_name(address: str) -> None:
    """It is one of the provinces the address begins with, or at most three capitals that are all of it."""
    found = region(address)
    if found is None:
        return
    if found in PROVINCES:
        assert address.strip().startswith(found)
    else:
        assert found == address.strip()
        assert len(found) <= 3
        assert found.isascii()
        assert found.isupper()


def test_the_regions_landed_are_provinces_and_codes(landed: Home) -> None:
    """Of whole addresses nothing else is left."""
    orders = pl.concat([pl.read_parquet(path) for path in landed.landed.glob("orders/*.parquet")])
    assert set(orders["region"].drop_nulls()) <= PROVINCES
    assert set(orders.filter(pl.col("store") == "taobao_d")["region"].drop_nulls()) == {"浙江"}


def scrubbed(text: str) -> str:
    """One text without personal numbers."""
    (found,) = privacy.scrubbed(pl.Series([text])).to_list()
    assert isinstance(found, str)
    return found


SECRETS = ("13800001234", "19912345678", "ann.o+shop@example.com.cn", "11010119900307123X", "110101199003071234")


@pytest.mark.parametrize("secret", [*SECRETS, "+8613800001234", "+86 13800001234", "86-13800001234"])
@pytest.mark.parametrize(
    "around", ["{}", "call {} please", "请打{}联系", "电话：{}。", "({})", "帆布包,{},加急", "{}\n{}", "微信{}"]
)
def test_a_number_or_an_address_in_a_title_is_taken_out(secret: str, around: str) -> None:
    """Also where Chinese stands right beside it, without a blank."""
    found = scrubbed(around.format(secret, secret))
    assert secret not in found
    assert secret.removeprefix("+86").lstrip(" -") not in found


@pytest.mark.parametrize(
    "text",
    [
        "Crew Tee - Black / S",
        '显示器支架 27" 双臂',
        "iPhone 13 Pro 256G",
        "6901234567890",
        "69138000012345",
        "T1-00A",
        "350ml@2",
        "",
        "1380000",
    ],
)
def test_a_title_without_any_stays_as_it_is(text: str) -> None:
    """Barcodes and sizes are no telephone numbers."""
    assert scrubbed(text) == text


@pytest.mark.parametrize("code", ["A 13911112222", ""])
def test_titles_are_scrubbed_before_they_land(tmp_path: Path, code: str) -> None:
    """A buyer's number that stands in a title or a code is in no column on disk, nor in the product's id that follows from it."""
    home = make_home(tmp_path)
    cells = {
        "订单编号": "190000000000000017",
        "标题": "加急单 13800001234 专拍",
        "价格": "5.00",
        "购买数量": "1",
        "订单状态": "交易成功",
        "商家编码": code,
    }
    header = worlds.TAOBAO_LINES_10
    content = f"{','.join(header)}\n{','.join(cells.get(name, '') for name in header)}\n"
    worlds.write_files(home.root, [worlds.ExportFile("shop", "lines.csv", content.encode())])
    refreshed(home)
    (path,) = home.landed.glob("order_lines/*.parquet")
    (line,) = pl.read_parquet(path).rows(named=True)
    assert line["unit_price"] == 5
    assert {name: cell for name, cell in line.items() if "13800001234" in str(cell) or "13911112222" in str(cell)} == {}

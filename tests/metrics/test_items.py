"""Items across stores: guesses are good and stay guesses, answers decide, and nothing grows with the square of the products."""

import random
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from small import CURRENCY, Small

from assets import reference
from assets.home import Home, UsageError
from assets.items.suggest import suggested
from assets.items.titles import numbers, pieces
from assets.sample import catalogue

_COLOURS, _STUFFS = (
    ("红色", "蓝色", "米白", "墨绿", "灰色", "浅粉"),
    ("亚麻", "纯棉", "羊毛", "竹制", "真皮", "陶瓷", "不锈钢", "胡桃木"),
)
_THINGS = (
    "枕套",
    "床单",
    "茶壶",
    "托特包",
    "砧板",
    "收纳盒",
    "围巾",
    "台灯",
    "花瓶",
    "毛毯",
    "餐盘",
    "马克杯",
    "置物架",
    "抱枕",
    "地垫",
)
_PRAISE = ("新款", "北欧风", "家用", "加厚", "ins风", "包邮", "简约", "小众", "高级感", "送礼")


def made_up(items: int, stores: int, seed: int = 1) -> pl.DataFrame:
    """So many items, each in some stores under a title of that store's making, with the store's slogan and its own praise."""
    rng = random.Random(seed)
    rows = []
    for n in range(items):
        stuffs, things = rng.sample(_STUFFS, 2), [rng.choice(_THINGS), rng.choice(_THINGS)]
        base = [f"{rng.randrange(10**5):05d}型", *stuffs, rng.choice(_COLOURS), *things]
        price = rng.lognormvariate(4, 0.7)
        for store in rng.sample(range(stores), min(stores, rng.choice((1, 2, 3)))):
            words = [*base, *rng.sample(_PRAISE, 2)]
            rng.shuffle(words)
            rows.append(
                (
                    f"s{store}",
                    f"p{n}-{store}",
                    f"item {n}",
                    f"店{store}官方旗舰 " + "".join(words),
                    "Home",
                    price * rng.uniform(0.8, 1.3),
                )
            )
    return pl.DataFrame(rows, schema=["store", "product_id", "truth", "title", "category", "price"], orient="row")


def precision(found: pl.DataFrame, products: pl.DataFrame) -> tuple[float, float]:
    """What share of the links are true, and what share of the products that have a twin are linked."""
    truth = {(row["store"], row["product_id"]): row["truth"] for row in products.iter_rows(named=True)}
    right = [
        truth[row["store"], row["product_id"]] == truth[row["like_store"], row["like_product_id"]]
        for row in found.iter_rows(named=True)
    ]
    twins = products.filter(pl.len().over("truth") > 1).height
    return sum(right) / max(len(right), 1), sum(right) / twins


def test_a_title_in_pieces() -> None:
    assert set(pieces("竹制茶盘 Bamboo Tea 500ML")) == {
        "竹", "制", "茶", "盘", "竹制", "制茶", "茶盘", "bamboo", "~bam", "~amb", "~mbo", "~boo", "tea", "#500ml",
    }  # fmt: skip
    assert numbers(["保温杯500ML 2个"], ["a"]) == [{"500ml", "2"}]


def by_hand(*rows: tuple[str, str, str | None, str, float | None]) -> pl.DataFrame:
    """Products by hand: store, product, item, title, price."""
    schema = {"store": pl.String, "product_id": pl.String, "item": pl.String, "title": pl.String, "price": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(category=pl.lit(None, pl.String))


def test_links_by_hand() -> None:
    """The same thing in two stores is linked to the item one of them has; another size, another price or another thing is not."""
    found = suggested(
        by_hand(
            ("a", "1", "Tea Tray", "竹制茶盘 家用", 100.0),
            ("b", "2", None, "家用竹制茶盘", 110.0),
            ("b", "3", None, "羊毛围巾 加厚", 80.0),
            ("a", "4", None, "保温杯 500ml 不锈钢", 50.0),
            ("b", "5", None, "保温杯 750ml 不锈钢", 60.0),
            ("a", "6", None, "胡桃木砧板", 50.0),
            ("c", "7", None, "胡桃木砧板", 900.0),
        )
    )
    assert found.select("store", "product_id", "item", "confirmed").rows() == [("b", "2", "Tea Tray", None)]


def test_most_links_are_true_on_titles_as_sellers_write_them() -> None:
    products = made_up(400, 8)
    right, found = precision(suggested(products.with_columns(item=pl.lit(None, pl.String))), products)
    assert right >= 0.97
    assert found >= 0.3


def test_the_samples_own_items_are_found() -> None:
    """Chinese titles of the sample's catalogue, with each store's own words around them."""
    chinese = [(item.chinese, item.english) for item in catalogue.ITEMS]
    rows = [
        (f"s{n}", f"p{k}", english, f"样品店{n} {title}（样品数据）", "Home", 10.0)
        for n in range(3)
        for k, (title, english) in enumerate(chinese)
    ]
    products = pl.DataFrame(rows, schema=["store", "product_id", "truth", "title", "category", "price"], orient="row")
    right, found = precision(suggested(products.with_columns(item=pl.lit(None, pl.String))), products)
    assert right >= 0.99
    assert found >= 0.95


@pytest.mark.soak
def test_twenty_thousand_products_are_compared_within_bounds() -> None:
    products = made_up(10_000, 100)
    right, found = precision(suggested(products.with_columns(item=pl.lit(None, pl.String))), products)
    assert products.height > 19_000
    assert right >= 0.95
    assert found >= 0.3


def test_a_confirmed_link_makes_the_item_and_no_other_does() -> None:
    small = Small()
    small.store()
    for n, product in enumerate(("mug", "cup")):
        small.order(f"o{n}", date(2026, 3, 2), [(product, 1, "10", "0")])
    small.source("reference_item_links", [{"store": "shop", "product_id": "mug", "item": "The Mug"}])
    small.build("products")
    assert small.rows("select product_id, item from products order by 1") == [("cup", None), ("mug", "The Mug")]
    small.source("reference_catalogue", [{"merchant_sku": "mug", "item": "Mug of the catalogue", "category": "Home"}])
    small.build("products")
    assert small.one("select item from products where product_id = 'mug'") == "Mug of the catalogue"
    assert CURRENCY == "CNY"


def test_answers_are_read(tmp_path: Path) -> None:
    """Yes is a link, no and blank are none; anything else is told with its line, and so is a product that is two things."""
    home = Home(tmp_path)
    home.make()
    path = home.reference / "item_links.csv"
    header = "store,product_id,item,confirmed,score,title\n"
    path.write_text(header + "a,1,Mug,yes,0.9,mug\na,2,Cup,no,0.8,cup\na,3,Jar,,0.7,jar\nb,1,Mug,是,0.9,mug\n")
    assert reference.item_links(home).rows() == [("a", "1", "Mug"), ("b", "1", "Mug")]
    for line, told in (
        ("a,1,Mug,maybe,,", "yes, no or blank"),
        ("a,1,,yes,,", "names no item"),
        ("a,1,M,yes,,\na,1,N,y,,", "two items"),
    ):
        path.write_text(header + line + "\n")
        with pytest.raises(UsageError, match=told):
            reference.item_links(home)

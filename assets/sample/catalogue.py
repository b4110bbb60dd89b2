"""What the sample is made of: stores, items, channels and the edges planted. Nothing here is real but the platforms' words.

Here belong constants and the things they describe. How visits and orders come about is in `traffic` and `world`.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

LAST_DAY = date(2026, 11, 1)
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Item:
    """One thing sold, the same in every store; its merchant SKUs are its code and a variant's. Price in CNY."""

    code: str
    english: str
    chinese: str
    category: str
    price: Decimal
    popularity: float
    variants: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Store:
    """One made-up shop; `volume` is paid lines a day without edges, `level` its paid lines per visit, on which edges stand.

    `vintage` tells which of a platform's file shapes it exports, 0 the newest; a packed one zips its newest exports too.
    """

    name: str
    platform: str
    timezone: str
    currency: str
    title: str
    group: str
    volume: float
    level: float
    price_level: str
    trend: float
    categories: tuple[str, ...]
    vintage: int = 0
    is_packed: bool = False

    def local(self, moment: datetime) -> datetime:
        """Show a moment on the store's own clock."""
        return moment.astimezone(ZoneInfo(self.timezone))


@dataclass(frozen=True)
class Leaf:
    """One channel at its finest: its path in the platform's words, share of visits and pull on conversion."""

    path: tuple[str, ...]
    channel: str
    share: float
    pull: float
    carriers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Edge:
    """What is planted: in this store and segment the metric is `factor` times what the store's level says."""

    store: str
    segment_type: str
    segment: str
    metric: str
    factor: float


@dataclass(frozen=True)
class Sku:
    """One variant of an item in one store; `number` is the platform's own id of it."""

    code: str
    english: str
    chinese: str
    price: Decimal
    number: str


@dataclass(frozen=True)
class Listing:
    """One product as one store lists it; `product_id` is what the metrics call it."""

    store: Store
    product_id: str
    item: Item
    skus: tuple[Sku, ...]
    handle: str
    parent: str = ""

    @property
    def chinese(self) -> str:
        """The title as a Chinese shop writes it."""
        return f"{self.store.title} {self.item.chinese}（样品数据）"

    @property
    def english(self) -> str:
        """The title as an English shop writes it."""
        return f"{self.item.english}, made-up sample"


BEDDING, KITCHEN, TEA = "Bedding", "Kitchen", "Tea"
LIGHTING, STORAGE, BAGS = "Lighting", "Storage", "Bags"
CHINESE_CATEGORIES = {
    BEDDING: ("家居用品", "床上用品", "床品套件"),
    KITCHEN: ("家居用品", "厨房用品", "烹饪用具"),
    TEA: ("家居用品", "餐饮用具", "茶具"),
    LIGHTING: ("家居用品", "灯具灯饰", "台灯"),
    STORAGE: ("家居用品", "收纳整理", "收纳盒"),
    BAGS: ("服饰箱包", "箱包", "手提包"),
}
_WHITE, _BLUE, _NATURAL = ("WH", "White", "白色"), ("BL", "Blue", "蓝色"), ("NA", "Natural", "原色")
_TWO, _ONE = (_WHITE, _BLUE), (_NATURAL,)


def _item(code: str, english: str, chinese: str, category: str, price: str, popularity: float, *, two: bool = False) -> Item:
    return Item(code, english, chinese, category, Decimal(price), popularity, _TWO if two else _ONE)


ITEMS = (
    _item("BD-101", "Linen Duvet Cover", "亚麻被套", BEDDING, "329.00", 1.2, two=True),
    _item("BD-102", "Cotton Sheet Set", "纯棉四件套", BEDDING, "269.00", 1.5, two=True),
    _item("BD-103", "Wool Blanket", "羊毛毯", BEDDING, "399.00", 0.7),
    _item("BD-104", "Pillow Case Pair", "枕套一对", BEDDING, "79.00", 1.6, two=True),
    _item("BD-105", "Summer Quilt", "夏凉被", BEDDING, "199.00", 1.0),
    _item("KT-201", "Cast Iron Pan", "铸铁煎锅", KITCHEN, "189.00", 1.3),
    _item("KT-202", "Chef's Knife", "主厨刀", KITCHEN, "159.00", 1.0),
    _item("KT-203", "Cutting Board", "实木砧板", KITCHEN, "99.00", 1.3, two=True),
    _item("KT-204", "Mixing Bowl Set, 3 pcs", "料理碗三件套", KITCHEN, "129.00", 0.9),
    _item("TE-301", "Clay Teapot", "陶土茶壶", TEA, "219.00", 1.0),
    _item("TE-302", "Tea Cup Set", "品茗杯套装", TEA, "119.00", 1.5, two=True),
    _item("TE-303", "Gooseneck Kettle", "细口手冲壶", TEA, "259.00", 0.9),
    _item("TE-304", "Bamboo Tea Tray", "竹制茶盘", TEA, "149.00", 1.0),
    _item("LT-401", "Desk Lamp", "护眼台灯", LIGHTING, "179.00", 1.4, two=True),
    _item("LT-402", "Paper Lantern", "纸灯笼", LIGHTING, "89.00", 1.2),
    _item("LT-403", "Candle Trio", "香薰蜡烛三支", LIGHTING, "69.00", 1.5),
    _item("LT-404", "Floor Lamp", "落地灯", LIGHTING, "359.00", 0.6),
    _item("ST-501", "Bamboo Box", "竹收纳盒", STORAGE, "59.00", 1.5, two=True),
    _item("ST-502", "Woven Basket", "编织筐", STORAGE, "85.00", 1.1),
    _item("ST-503", 'Glass Jar Set, 4.5"', "玻璃密封罐", STORAGE, "75.00", 1.2),
    _item("ST-504", "Hanging Organiser", "挂式收纳袋", STORAGE, "49.00", 1.2, two=True),
    _item("BG-601", "Canvas Tote", "帆布托特包", BAGS, "109.00", 1.6, two=True),
    _item("BG-602", "City Backpack", "通勤双肩包", BAGS, "239.00", 1.1),
    _item("BG-603", "Zip Pouch", "拉链零钱包", BAGS, "45.00", 1.2, two=True),
    _item("BG-604", "Weekend Bag", "旅行手提袋", BAGS, "289.00", 0.7),
)

_CHINA, _US, _PACIFIC, _UK = "Asia/Shanghai", "America/New_York", "America/Los_Angeles", "Europe/London"
_ALL = (BEDDING, KITCHEN, TEA, LIGHTING, STORAGE, BAGS)
# fmt: off
STORES = (
    Store("taobao_linen", "taobao", _CHINA, "CNY", "样品亚麻小铺", "home", 16.5, 0.0135, "1.00", 0.10, _ALL[:5]),
    Store("shopify_us", "shopify", _US, "USD", "Sample Goods US", "abroad", 16, 0.021, "0.21", 0.15, _ALL, 1),
    Store("amazon_us", "amazon", _PACIFIC, "USD", "Sample Goods", "abroad", 16.5, 0.03, "0.20", 0.05, _ALL[1:]),
    Store("douyin_life", "douyin", _CHINA, "CNY", "样品生活馆", "home", 15, 0.018, "0.93", 0.20, (*_ALL[:3], *_ALL[4:])),
    Store("pdd_outlet", "pdd", _CHINA, "CNY", "样品特卖店", "home", 19.5, 0.031, "0.82", 0.0, (*_ALL[:3], *_ALL[4:])),
    Store("tmall_home", "taobao", _CHINA, "CNY", "样品家居旗舰店", "home", 18, 0.0135, "1.08", 0.12, _ALL, 1, is_packed=True),
    Store("shopify_uk", "shopify", _UK, "GBP", "Sample Goods UK", "abroad", 14, 0.024, "0.16", 0.0, (*_ALL[:4], BAGS),
          is_packed=True),
    Store("douyin_bags", "douyin", _CHINA, "CNY", "样品箱包店", "home", 15, 0.015, "0.95", 0.1, (*_ALL[:2], *_ALL[4:]), 1,
          is_packed=True),
    Store("明前茶器店", "taobao", _CHINA, "CNY", "明前茶器店", "home", 14.5, 0.0135, "1.03", -0.05, (*_ALL[:3], STORAGE), 2,
          is_packed=True),
    Store("tmall_gifts", "taobao", _CHINA, "CNY", "样品礼品专营店", "home", 13, 0.0135, "1.02", 0.05, (*_ALL[2:], KITCHEN),
          is_packed=True),
)
# fmt: on
FAVOURITES = {  # a store's category weighs this much more in its visits; the others weigh 1
    ("taobao_linen", BEDDING): 1.3,
    ("tmall_home", KITCHEN): 1.4,
    ("明前茶器店", TEA): 1.6,
    ("shopify_uk", LIGHTING): 1.4,
    ("shopify_us", KITCHEN): 2.2,
    ("amazon_us", STORAGE): 1.3,
    ("douyin_bags", BAGS): 1.6,
    ("pdd_outlet", BEDDING): 2.2,
}
EDGES = (
    Edge("taobao_linen", "category", BEDDING, "conversion", 1.7),
    Edge("tmall_home", "channel", "ads", "conversion", 1.7),
    Edge("明前茶器店", "category", TEA, "conversion", 1.7),
    Edge("shopify_uk", "category", LIGHTING, "conversion", 1.8),
    Edge("amazon_us", "category", STORAGE, "conversion", 1.6),
    Edge("tmall_home", "category", KITCHEN, "conversion", 1.6),
    Edge("douyin_bags", "category", BAGS, "basket", 1.4),
    Edge("shopify_us", "category", KITCHEN, "basket", 1.4),
    Edge("pdd_outlet", "category", BEDDING, "conversion", 1 / 1.8),
    Edge("tmall_gifts", "category", STORAGE, "refund_rate", 3.0),
)

_GOODS, _LIVE, _VIDEO, _PAGE = "商品", "直播间", "短视频", "店铺页"
_TAOBAO = (
    Leaf(("平台流量", "手淘搜索", "手淘搜索", "手淘搜索"), "search", 0.26, 1.2, (_GOODS,)),
    Leaf(("平台流量", "手淘推荐", "首页推荐", "首页推荐-微详情"), "content", 0.12, 0.6, (_GOODS, _VIDEO)),
    Leaf(("平台流量", "手淘推荐", "首页推荐", "首页推荐-商品卡"), "content", 0.08, 0.6, (_GOODS,)),
    Leaf(("付费推广", "关键词推广", "关键词推广", "关键词推广"), "ads", 0.14, 0.9, (_GOODS,)),
    Leaf(("付费推广", "人群推广", "人群推广", "人群推广"), "ads", 0.10, 0.8, (_GOODS, _PAGE)),
    Leaf(("内容流量", "直播", "店铺直播", "店铺直播"), "content", 0.05, 1.3, (_LIVE,)),
    Leaf(("内容流量", "短视频", "全屏页短视频", "全屏页短视频"), "content", 0.07, 0.5, (_VIDEO,)),
    Leaf(("自主访问", "购物车", "购物车", "购物车"), "direct", 0.07, 2.4, (_GOODS,)),
    Leaf(("自主访问", "我的淘宝", "我的淘宝", "我的淘宝"), "direct", 0.07, 1.8, (_GOODS, _PAGE)),
    Leaf(("站外流量", "社交", "社交", "社交分享"), "social", 0.04, 0.7, (_GOODS,)),
)
_DOUYIN = (
    Leaf(("精选联盟", "直播", "达人直播"), "content", 0.35, 1.0),
    Leaf(("鲁班广告", "短视频", "广告投放"), "ads", 0.25, 0.8),
    Leaf(("自然流量", "直播", "店铺自播"), "content", 0.25, 1.2),
    Leaf(("自然流量", "商品卡", "搜索"), "search", 0.15, 1.2),
)
LEAVES = {"taobao": _TAOBAO, "douyin": _DOUYIN}
ONLY_LEAF = (Leaf(("",), "", 1.0, 1.0),)


def leaves(store: Store) -> tuple[Leaf, ...]:
    """The channels of a store's platform, with pulls that leave its level as it is."""
    found = LEAVES.get(store.platform, ONLY_LEAF)
    usual = sum(leaf.share * leaf.pull for leaf in found) / sum(leaf.share for leaf in found)
    return tuple(replace(leaf, pull=leaf.pull / usual) for leaf in found)


def stores(count: int) -> tuple[Store, ...]:
    """So many stores: the ten, then the ten again with a number to their name."""
    rounds = [(n // len(STORES), STORES[n % len(STORES)]) for n in range(count)]
    return tuple(replace(store, name=f"{store.name}_{turn + 1}") if turn else store for turn, store in rounds)


def edges(among: tuple[Store, ...]) -> tuple[Edge, ...]:
    """The edges planted in these stores."""
    names = {store.name for store in among}
    return tuple(edge for edge in EDGES if edge.store in names)


def _price(store: Store, item: Item) -> Decimal:
    """A price in the store's currency: whole yuan and ninety, or so many ninety-nine."""
    exact = item.price * Decimal(store.price_level)
    whole = exact.quantize(Decimal(1), ROUND_HALF_UP)
    return whole - (Decimal("0.10") if store.currency == "CNY" else CENT)


def _sku(store: Store, serial: int, item: Item, place: int) -> Sku:
    code, english, chinese = item.variants[place]
    number = f"5{serial:03d}{ITEMS.index(item):04d}{place + 1:04d}"
    return Sku(f"{item.code}-{code}", english, chinese, _price(store, item), number)


def listings(store: Store, serial: int) -> tuple[Listing, ...]:
    """What a store sells: every item of its categories. On Amazon each variant is a product of its own."""
    found: list[Listing] = []
    for n, item in enumerate(ITEMS):
        if item.category not in store.categories:
            continue
        skus = tuple(_sku(store, serial, item, place) for place in range(len(item.variants)))
        handle = "-".join("".join(c if c.isalnum() else " " for c in item.english.lower().replace("'", "")).split())
        if store.platform == "amazon":
            parent = f"B0S{serial:02d}{n:02d}PAR"
            found += [
                Listing(store, f"B0S{serial:02d}{n:02d}C{k:02d}", item, (sku,), handle, parent) for k, sku in enumerate(skus)
            ]
            continue
        prefix = {"taobao": "7200000", "douyin": "35600000000000", "pdd": "5540000"}.get(store.platform, "")
        product_id = handle if store.platform == "shopify" else f"{prefix}{serial:02d}{n + 11:03d}"
        found.append(Listing(store, product_id, item, skus, handle))
    return tuple(found)

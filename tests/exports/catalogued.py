"""Headers that platforms were seen to write, exactly, and which format each is; those of the sample stand with the sample."""

from goldens import columns

SYCM_MACRO_MONITOR_2026 = columns("""
统计日期,成功退货退款金额,支付金额,分期支付金额,支付件数,商品加购人数,商品加购件数,商品浏览量,商品访客数,
商品微详情访客数,商品收藏人数,商品平均停留时长,下单买家数,支付买家数,下单转化率,商品详情页跳出率,下单金额,
访问收藏转化率,访问加购转化率,支付老买家数,老买家支付金额,支付转化率,支付新买家数,有支付商品数,下单件数,有访问商品数,
客单价
""")
SYCM_KEYWORD_2026 = columns("""
统计日期,搜索词,访客数,加购人数,商品收藏人数,支付买家数,支付转化率,支付件数,支付金额,客单价,UV价值
""")
SHOPIFY_TOTAL_SALES_OVER_TIME = columns("""
Month,Orders,Gross sales,Discounts,Sales reversals,Net sales,Shipping charges,Duties,Additional fees,Taxes,Total sales
""")
SHOPIFY_SALES_BY_PRODUCT_VARIANT = columns("""
Product title,Product variant title,Product variant SKU,Net items sold,Gross sales,Discounts,Returns,Net sales,Taxes,
Total sales
""")
PDD_SETTLEMENT = columns("""
商户订单号,发生时间,收入金额（+元）,支出金额（-元）,账务类型,备注,业务描述
""")
PDD_PROMOTION = columns("""
日期,商品ID,商品名称,推广场景,推广名称,出价方式,分组,是否已删除,成交花费(元),交易额(元),实际投产比,总花费(元),曝光量,
点击量
""")
JD_ORDERS_2015 = columns("""
订单号,商品ID,商品名称,订购数量,支付方式,下单时间,京东价,订单金额,结算金额,余额支付,应付金额,订单状态,订单类型,下单帐号,
客户姓名,客户地址,联系电话,订单备注,发票类型,发票抬头,发票内容,商家备注,商家备注等级（等级1-5为由高到低）,运费金额,
付款确认时间,增值税发票,货号,订单完成时间,订单来源,订单渠道
""")
JD_SETTLEMENT_2026 = columns("""
订单编号,父单号,订单状态,订单下单时间,订单完成时间,售后服务单号,售后退款时间,商品编号,商品名称,商品数量,扣点类型,
佣金比例,费用名称,应结金额,币种,收支方向,结算状态,预计结算时间,账单生成时间,到账时间,商户订单号,资金动账备注
""")
JD_SHANGZHI_SKU_DAILY_SEEN = columns("""
SKU,SKU名称,一级类目,二级类目,三级类目,商品曝光次数,商品曝光人数,搜索曝光次数,搜索点击次数,商品浏览量,商品访客数,
加购客户数,下单客户数,下单单量,下单金额,成交客户数,成交单量,成交商品件数,成交金额,取消及售后退款金额
""")
JD_SHANGZHI_SELF_SEEN = columns("""
时间,SKU,商品名称,店铺名称,一级类目,二级类目,三级类目,浏览量,访客数,加购人数,成交人数,成交单量,成交商品件数,成交金额
""")
JD_SKU_STOCK_DAILY_SEEN = columns("""
时间,商品名称,SKU,品牌,一级类目,二级类目,三级类目,店铺名称,RDC,配送中心,上下柜状态,商品价格,库存件数,可用库存,
昨日出库商品件数,近7日出库商品件数,近14日出库商品件数,近28日出库商品件数,近30日出库商品件数
""")
ETSY_SOLD_ORDERS = columns("""
Sale Date,Order ID,Buyer User ID,Full Name,First Name,Last Name,Number of Items,Payment Method,Date Shipped,Street 1,
Street 2,Ship City,Ship State,Ship Zipcode,Ship Country,Currency,Order Value,Coupon Code,Coupon Details,Discount Amount,
Shipping Discount,Shipping,Sales Tax,Order Total,Status,Card Processing Fees,Order Net,Adjusted Order Total,
Adjusted Card Processing Fees,Adjusted Net Order Amount,Buyer,Order Type,Payment Type,InPerson Discount,
InPerson Location,SKU
""")
ETSY_SOLD_ORDER_ITEMS = columns("""
Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,Order Shipping,
Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,Ship Name,Ship Address1,
Ship Address2,Ship City,Ship State,Ship Zipcode,Ship Country,Order ID,Variations,Order Type,Listings Type,Payment Type,
InPerson Discount,InPerson Location,VAT Paid by Buyer,SKU
""")
ETSY_LISTINGS = columns("""
TITLE,DESCRIPTION,PRICE,CURRENCY_CODE,QUANTITY,TAGS,MATERIALS,IMAGE1,IMAGE2,IMAGE3,IMAGE4,IMAGE5,IMAGE6,IMAGE7,IMAGE8,
IMAGE9,IMAGE10,VARIATION 1 TYPE,VARIATION 1 NAME,VARIATION 1 VALUES,VARIATION 2 TYPE,VARIATION 2 NAME,
VARIATION 2 VALUES,SKU
""")
WOO_ANALYTICS_ORDERS = columns("""
Date,Order #,N. Revenue (formatted),Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,Attribution
""")
TIKTOK_ORDERS_ID_2026 = columns("""
Order ID,Order Status,Order Substatus,Cancelation/Return Type,Normal or Pre-order,SKU ID,Seller SKU,Product Name,
Variation,Quantity,Sku Quantity of return,SKU Unit Original Price,SKU Subtotal Before Discount,SKU Platform Discount,
SKU Seller Discount,SKU Subtotal After Discount,Shipping Fee After Discount,Original Shipping Fee,
Shipping Fee Seller Discount,Shipping Fee Platform Discount,Distance Shipping Fee,Distance Fee,Order Refund Amount,
Payment platform discount,Buyer Service Fee,Handling Fee,Shipping Insurance,Item Insurance,Order Amount,Created Time,
Paid Time,RTS Time,Shipped Time,Delivered Time,Cancelled Time,Cancel By,Cancel Reason,Fulfillment Type,Warehouse Name,
Tracking ID,Delivery Option,Shipping Provider Name,Buyer Message,Buyer Username,Recipient,Phone #,Zipcode,Country,
Province,Regency and City,Districts,Villages,Detail Address,Additional address information,Payment Method,Weight(kg),
Product Category,Package ID,Purchase Channel,Seller Note,Checked Status,Checked Marked by,Tokopedia Invoice Number,
Order Channel,Creator Handle
""")
LAZADA_ORDERS = columns("""
orderItemId,orderType,Guarantee,deliveryType,lazadaId,sellerSku,lazadaSku,wareHouse,createTime,updateTime,rtsSla,ttsSla,
orderNumber,invoiceRequired,invoiceNumber,deliveredDate,customerName,customerEmail,nationalRegistrationNumber,
shippingName,shippingAddress,shippingAddress2,shippingAddress3,shippingAddress4,shippingAddress5,shippingPhone,
shippingPhone2,shippingCity,shippingPostCode,shippingCountry,shippingRegion,billingName,billingAddr,billingAddr2,
billingAddr3,billingAddr4,billingAddr5,billingPhone,billingPhone2,billingCity,billingPostCode,billingCountry,taxCode,
branchNumber,taxInvoiceRequested,payMethod,paidPrice,unitPrice,sellerDiscountTotal,shippingFee,walletCredit,itemName,
variation,cdShippingProvider,shippingProvider,shipmentTypeName,shippingProviderType,cdTrackingCode,trackingCode,
trackingUrl,shippingProviderFM,trackingCodeFM,promisedShippingTime,premium,status,buyerFailedDeliveryReturnInitiator,
buyerFailedDeliveryReason,buyerFailedDeliveryDetail,buyerFailedDeliveryUserName,bundleId,bundleDiscount,refundAmount
""")
JD_ORDERS_2018_TAIL = columns("""
送装服务,服务费,仓库id,仓库名称,商家SKUID,是否为品牌商订单,是否为toplife订单,普通发票纳税编号
""")
EBAY_ORDERS_SEEN = columns("""
Sales Record Number,Order Number,Buyer Username,Buyer Name,Item Number,Item Title,Custom Label,Quantity,Sold For,
Shipping And Handling,Total Price,Sale Date,Shipped On Date,Tracking Number
""")
SHOPEE_ORDERS_EN_NAMES = columns("""
Order ID,Order Status,Cancel reason,Return / Refund Status,Tracking Number*,Shipping Option,Shipment Method,
Estimated Ship Out Date,Ship Time,Order Creation Date,Order Paid Time,Parent SKU Reference No.,Product Name,
SKU Reference No.,Variation Name,Original Price,Deal Price,Quantity,Returned quantity,Product Subtotal,Seller Rebate,
Seller Discount,Shopee Rebate,SKU Total Weight,No of product in order,Order Total Weight,Voucher Code,Seller Voucher,
Seller Absorbed Coin Cashback,Shopee Voucher,Bundle Deal Indicator,Shopee Bundle Discount,Seller Bundle Discount,
Shopee Coins Offset,Credit Card Discount Total,Total Amount,Buyer Paid Shipping Fee,Shipping Rebate Estimate,
Reverse Shipping Fee,Transaction Fee(Incl. GST),Commission Fee (Incl. GST),Service Fee (incl. GST),Grand Total,
Estimated Shipping Fee,Username (Buyer),Receiver Name,Phone Number,Delivery Address,Town,District,City,Province,Country,
Zip Code,Remark from buyer,Order Complete Time,Note
""")
JD_ORDERS_2018 = (*JD_ORDERS_2015, *JD_ORDERS_2018_TAIL)

# The catalogue's name of a header, its format, and the header.
READ: dict[str, tuple[str, tuple[str, ...]]] = {
    "sycm_macro_monitor_2026": ("sycm.macro", SYCM_MACRO_MONITOR_2026),
    "sycm_keyword_2026": ("sycm.keywords", SYCM_KEYWORD_2026),
    "shopify_total_sales_over_time": ("shopify.sales_periods", SHOPIFY_TOTAL_SALES_OVER_TIME),
    "shopify_sales_by_product_variant": ("shopify.sales_products", SHOPIFY_SALES_BY_PRODUCT_VARIANT),
    "pdd_settlement": ("pdd.settlement", PDD_SETTLEMENT),
    "pdd_promotion": ("pdd.promotion", PDD_PROMOTION),
    "jd_orders_2015": ("jd.orders", JD_ORDERS_2015),
    "jd_settlement_2026": ("jd.settlement", JD_SETTLEMENT_2026),
    "jd_shangzhi_sku_daily_seen": ("jd.items", JD_SHANGZHI_SKU_DAILY_SEEN),
    "jd_shangzhi_self_seen": ("jd.items", JD_SHANGZHI_SELF_SEEN),
    "jd_sku_stock_daily_seen": ("jd.stock", JD_SKU_STOCK_DAILY_SEEN),
    "etsy_sold_orders": ("etsy.orders", ETSY_SOLD_ORDERS),
    "etsy_sold_order_items": ("etsy.lines", ETSY_SOLD_ORDER_ITEMS),
    "etsy_listings": ("etsy.listings", ETSY_LISTINGS),
    "woo_analytics_orders": ("woocommerce.orders", WOO_ANALYTICS_ORDERS),
    "tiktok_orders_id_2026": ("tiktok.orders", TIKTOK_ORDERS_ID_2026),
    "lazada_orders": ("lazada.orders", LAZADA_ORDERS),
}
# Headers of which only names were seen, or a part: they are left to a mapping of the user's own, see docs/formats.md.
LEFT_TO_A_MAPPING: dict[str, tuple[str, ...]] = {
    "ebay_orders_seen": EBAY_ORDERS_SEEN,
    "shopee_orders_en_names": SHOPEE_ORDERS_EN_NAMES,
}
# No header of its own: what JD added to that of 2015.
PARTS = {"jd_orders_2018_tail": JD_ORDERS_2018_TAIL}

"""Headers exactly as the platforms export them; the blanks at some columns' ends are theirs."""


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.strip("\n").replace("\n", "").split(","))


TAOBAO_ORDERS_2019 = _columns("""
订单编号,买家会员名,买家支付宝账号,支付单号,支付详情,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,
买家实际支付金额,买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址 ,运送方式,联系电话 ,联系手机,订单创建时间,
订单付款时间 ,宝贝标题 ,宝贝种类 ,物流单号 ,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,
发票抬头,是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,
修改后的收货地址,异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,新零售导购门店名称,新零售导购门店id,
新零售发货门店名称,新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包,是否信用购,
体验期结束时间,前N有礼,配送类型,主订单编号
""")
TAOBAO_ORDERS = _columns("""
订单编号,买家会员名,买家会员昵称,支付单号,支付详情,买家应付货款,买家应付邮费,买家支付积分,总金额,返点积分,买家实际支付金额,
买家实际支付积分,订单状态,买家留言,收货人姓名,收货地址,运送方式,联系电话,联系手机,虚拟号过期时间,订单创建时间,订单付款时间,
宝贝标题,宝贝种类,物流单号,物流公司,订单备注,宝贝总数量,店铺Id,店铺名称,订单关闭原因,卖家服务费,买家服务费,发票抬头,
是否手机订单,分阶段订单信息,特权订金订单id,是否上传合同照片,是否上传小票,是否代付,定金排名,修改后的sku,修改后的收货地址,
异常信息,天猫卡券抵扣,集分宝抵扣,是否是O2O交易,新零售交易类型,新零售导购门店名称,新零售导购门店id,新零售发货门店名称,
新零售发货门店id,退款金额,预约门店,确认收货时间,打款商家金额,含应开票给个人的个人红包,是否信用购,体验期结束时间,前N有礼,
配送类型,直播返现状态,返现金额,延迟发货自动赔付金额,新零售成交门店昵称,新零售成交门店id,新零售成交经销商id,预售订单,
发货时间,商家备忘,主订单编号
""")
TAOBAO_LINES_2022 = _columns("""
子订单编号,主订单编号,标题,价格,购买数量,外部系统编号,商品属性,套餐信息,备注,订单状态,商家编码,支付单号,买家应付货款,
买家实际支付金额,退款状态,退款金额,订单创建时间,订单付款时间
""")
TAOBAO_LINES = _columns("""
子订单编号,主订单编号,商品标题,商品价格,购买数量,外部系统编号,商品属性,套餐信息,订单状态,商家编码,买家应付货款,买家实付金额,
买家应付邮费,退款状态,退款金额,订单创建时间,订单付款时间,发货时间,确认收货时间,商品ID,分阶段信息,商家备注,物流单号,物流公司
""")
TAOBAO_REFUNDS = _columns("""
退款编号,订单编号,支付宝交易号,订单付款时间,商品编码,退款完结时间,买家会员名称,买家实际支付金额,宝贝标题,买家退款金额,
手工退款/系统退款,是否需要退货,退款的申请时间,超时时间,退款状态,货物状态,退货物流信息,发货物流信息,客服介入状态,
卖家真实姓名,卖家退货地址,卖家邮编,卖家电话,卖家手机,退货物流单号,退货物流公司,买家退款原因,买家退款说明,买家退货时间,
责任方,售中或售后,商家备注,完结时间,部分退款/全部退款,审核操作人,举证超时,是否零秒响应,退款操作人,退款原因标签
""")
TAOBAO_LISTINGS = _columns("""
商品ID,类目ID,类目名称,商品标题,一口价,导购标题,商品商家编码,商品发货时间,最长发货时间,销售属性,属性对,SKU发货时间,SKUID,
SKU价格,SKU库存,SKU商家编码,生产日期,保质期
""")
SYCM_ITEMS_2022 = _columns("""
统计日期,商品ID,商品名称,货号,商品状态,商品标签,商品访客数,商品浏览量,平均停留时长,商品详情页跳出率,商品收藏人数,
商品加购件数,商品加购人数,下单买家数,下单件数,下单金额,下单转化率,支付买家数,支付件数,支付金额,商品支付转化率,支付新买家数,
支付老买家数,老买家支付金额,聚划算支付金额,访客平均价值,成功退款金额,竞争力评分,年累计支付金额,月累计支付金额,
月累计支付件数,搜索引导支付转化率,搜索引导访客数,搜索引导支付买家数
""")
SYCM_ITEMS = _columns("""
统计日期,商品ID,商品名称,主商品ID,商品类型,货号,商品状态,商品标签,商品访客数,商品浏览量,平均停留时长,商品详情页跳出率,
商品收藏人数,商品加购件数,商品加购人数,下单买家数,下单件数,下单金额,下单转化率,支付买家数,支付件数,总支付商品件数,支付金额,
总支付金额,商品支付转化率,支付新买家数,支付老买家数,老买家支付金额,聚划算支付金额,访客平均价值,成功退款金额,竞争力评分,
年累计支付金额,月累计支付金额,月累计支付件数,搜索引导支付转化率,搜索引导访客数,搜索引导支付买家数,结构化详情引导转化率,
结构化详情引导成交占比
""")
SYCM_SHOP_SOURCE = _columns("""
流量载体,一级来源,二级来源,三级来源,四级来源,访客数,访客数环比,新访客,新访客环比,平均停留时长,平均停留时长环比,3s查看人数,
3s查看人数环比,商品点击人数,商品点击人数环比,加购人数,加购人数环比,商品收藏人数,商品收藏人数环比,加购件数,加购件数环比,
关注店铺人数,关注店铺人数环比,支付买家数,支付买家数环比,支付转化率,支付转化率环比,支付金额,支付金额环比,客单价,客单价环比,
UV价值,uv价值环比,下单买家数,下单买家数环比,下单金额,下单金额环比,下单转化率,下单转化率环比
""")
SYCM_ITEM_SOURCE = _columns("""
一级来源,二级来源,三级来源,四级来源,访客数,浏览量,加购人数,商品收藏人数,支付买家数,支付转化率,支付金额,客单价,支付件数
""")
SYCM_SHOP = _columns("""
统计日期,访客数,浏览量,人均浏览量（访问深度）,人均停留时长(秒),跳失率,新访客数,老访客数,店铺收藏人数,店铺收藏次数,
商品收藏人数,商品收藏次数,被浏览商品数,商品详情页访客数,商品详情页浏览量,下单买家数,下单商品件数,下单金额,下单转化率,
支付买家数,支付商品件数,支付父订单数,支付子订单数,支付金额,支付转化率,客单价,新买家数,老买家数,售中申请退款金额,
售中申请退款买家数,描述相符动态评分(DSR),服务态度动态评分(DSR),物流服务动态评分(DSR),DSR综合低评分买家数
""")
SHOPIFY_ORDERS = _columns("""
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,Shipping,Taxes,
Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,Lineitem price,
Lineitem compare at price,Lineitem sku,Lineitem requires shipping,Lineitem taxable,Lineitem fulfillment status,Billing Name,
Billing Street,Billing Address1,Billing Address2,Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,
Billing Phone,Shipping Name,Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip,
Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method,Payment Reference,
Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level,Source,Lineitem discount,
Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name,Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,
Receipt Number,Duties,Billing Province Name,Shipping Province Name,Payment ID,Payment Terms Name,Next Payment Due At,
Payment References
""")
SHOPIFY_PRODUCTS_LEGACY = _columns("""
Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,
Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,
Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,
Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,SEO Description,
Google Shopping / Google Product Category,Google Shopping / Gender,Google Shopping / Age Group,Google Shopping / MPN,
Google Shopping / AdWords Grouping,Google Shopping / AdWords Labels,Google Shopping / Condition,
Google Shopping / Custom Product,Google Shopping / Custom Label 0,Google Shopping / Custom Label 1,
Google Shopping / Custom Label 2,Google Shopping / Custom Label 3,Google Shopping / Custom Label 4,Variant Image,
Variant Weight Unit,Variant Tax Code,Cost per item,Included / New Zealand,Included / International,Price / International,
Compare At Price / International,Status
""")
SHOPIFY_PRODUCTS = _columns("""
Title,URL handle,Description,Vendor,Product category,Type,Tags,Published on online store,Status,SKU,Barcode,Option1 name,
Option1 value,Option1 Linked To,Option2 name,Option2 value,Option2 Linked To,Option3 name,Option3 value,Option3 Linked To,
Price,Compare-at price,Cost per item,Charge tax,Tax code,Unit price total measure,Unit price total measure unit,
Unit price base measure,Unit price base measure unit,Inventory tracker,Inventory quantity,
Continue selling when out of stock,Weight value (grams),Weight unit for display,Requires shipping,Fulfillment service,
Product image URL,Image position,Image alt text,Variant image URL,Gift card,SEO title,SEO description
""")
SHOPIFY_LANDING = _columns("""
Landing page type,Landing page path,Online store visitors,Sessions,Sessions with cart additions,
Sessions that reached checkout,Sessions that completed checkout,Conversion rate
""")
SHOPIFY_SESSIONS = _columns("""
Day,Online store visitors,Sessions,Sessions with cart additions,Sessions that reached checkout,
Sessions that completed checkout,Conversion rate
""")
AMAZON_ORDERS = _columns("""
amazon-order-id,merchant-order-id,purchase-date,last-updated-date,order-status,fulfillment-channel,sales-channel,
order-channel,url,ship-service-level,product-name,sku,asin,item-status,quantity,currency,item-price,item-tax,shipping-price,
shipping-tax,gift-wrap-price,gift-wrap-tax,item-promotion-discount,ship-promotion-discount,ship-city,ship-state,
ship-postal-code,ship-country,promotion-ids,is-business-order,purchase-order-number,price-designation
""")
AMAZON_CHILD = _columns("""
(Parent) ASIN,(Child) ASIN,Title,SKU,Sessions - Total,Sessions - Total - B2B,Session Percentage - Total,
Session Percentage - Total - B2B,Page Views - Total,Page Views - Total - B2B,Page Views Percentage - Total,
Page Views Percentage - Total - B2B,Featured Offer (Buy Box) Percentage,Featured Offer (Buy Box) Percentage - B2B,
Units Ordered,Units Ordered - B2B,Unit Session Percentage,Unit Session Percentage - B2B,Ordered Product Sales,
Ordered Product Sales - B2B,Total Order Items,Total Order Items - B2B
""")
AMAZON_BY_DATE = _columns("""
Date,Ordered Product Sales,Ordered Product Sales - B2B,Units Ordered,Units Ordered - B2B,Sessions - Total,
Sessions - Total - B2B,Page Views - Total,Featured Offer (Buy Box) Percentage,Order Item Session Percentage
""")
AMAZON_LISTINGS = _columns("""
item-name,item-description,listing-id,seller-sku,price,quantity,open-date,image-url,item-is-marketplace,product-id-type,
zshop-shipping-fee,item-note,item-condition,zshop-category1,zshop-browse-path,zshop-storefront-feature,asin1,asin2,asin3,
will-ship-internationally,expedited-shipping,zshop-boldface,product-id,bid-for-featured-placement,add-delete,
pending-quantity,fulfillment-channel,merchant-shipping-group,status
""")
PDD_ORDERS = _columns("""
订单成交时间,商品,订单号,订单状态,商品总价(元),邮费(元),店铺优惠折扣(元),平台优惠折扣(元),多多支付立减金额(元),
用户实付金额(元),商家实收金额(元),商品数量(件),发货时间,确认收货时间,商品id,商品规格,样式ID,商家编码-规格维度,
商家编码-商品维度,商家备注,售后状态,快递单号,快递公司
""")
PDD_GOODS = _columns("""
商品ID,商品名称,一级类目,二级类目,三级类目,商品访客数,商品浏览量,商品收藏用户数,成交金额,成交件数,成交订单数,成交买家数,
确认订单数,下单用户数
""")
DOUYIN_ORDERS = _columns("""
主订单编号,子订单编号,选购商品,商品规格,商品数量,商品ID,商家编码,商品单价,订单应付金额,运费,优惠总金额,平台优惠,商家优惠,
达人优惠,商家改价,支付优惠,红包抵扣,支付方式,手续费,收件人,收件人手机号,省,市,区,街道,详细地址,是否修改过地址,地址修改时段,
买家留言,订单提交时间,旗帜颜色,商家备注,订单完成时间,支付完成时间,APP渠道,流量来源,订单状态,承诺发货时间,订单类型,
鲁班落地页ID,达人ID,达人昵称,所属门店ID,售后状态,取消原因,预约发货时间,仓库ID,仓库名称,是否安心购,广告渠道,流量类型,
流量体裁,流量渠道,发货主体,发货主体明细,发货时间,降价类优惠,平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额,
预计送达时间,是否平台仓自流转,车型,商品69码,发货SN码,发货IMEI码1,发货IMEI码2,预约送达时间,建议发货时间（起）,
建议发货时间（止）,物流SN码,物流IMEI码1,物流IMEI码2
""")
DOUYIN_ORDERS_75 = _columns("""
主订单编号,子订单编号,支付方式,选购商品,货号,商品ID,商家编码,商品数量,商品金额,订单提交时间,支付完成时间,订单完成时间,
承诺发货时间,预约发货时间,买家留言,旗帜颜色,商家备注,APP渠道,订单状态,取消原因,售后状态,订单类型,发货时间,车型,
是否是以旧换新,换新额外补贴,换新额外补贴发放状态,订单应付金额,运费,优惠总金额,平台优惠,商家优惠,达人优惠,商家改价,支付优惠,
手续费,红包抵扣,降价类优惠,平台实际承担优惠金额,商家实际承担优惠金额,达人实际承担优惠金额,收件人,收件人手机号,省,市,区,街道,
详细地址,是否修改过地址,快递信息,序列号,达人ID,达人昵称,拼团订单团编号,商品单价是否含税,税费,鲁班落地页ID,所属门店ID,
流量来源,仓库ID,仓库名称,是否安心购,广告渠道,流量类型,流量体裁,流量渠道,发货主体,发货主体明细,教育优惠,预计送达时间,
是否平台仓自流转,是否是渠道商品,预约送达时间,建议发货时间（起）,建议发货时间（止）
""")
DOUYIN_AFTERSALE = _columns("""
售后单号,订单号,商品单号,商品名称,商品ID,应付金额（元）,商品运费（元）,支付优惠（元）,商品税费（元）,商品发货状态,售后类型,
退商品金额（元）,退运费金额（元）,退支付优惠（元）,退税费金额（元）,售后状态,售后申请时间,退款方式,是否已上传退款凭证,
售后原因,售后原因标签,退货物流单号,退货异常,退货发货时间,退货物流公司,自动处理截止时间,同意售后申请时间,商家退款时间,
用户到账时间,售后关闭时间,商家退货地址,商家退货联系人姓名,商家退货联系人电话,仲裁状态,纠纷责任方,是否极速退款,
是否拒签后退款,发货物流单号,发货物流状态,换货物流单号,退货物流状态,售后完结时间,订单备注,用户售后说明,售后备注,操作人,
协商记录,换货商品信息,商家编码,门店名称
""")

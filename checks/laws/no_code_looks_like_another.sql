-- Codes of one store that differ in width, case, or letters of another script that look the same: one article counted as two.
with coded as (
    select
        store,
        merchant_sku,
        lower(
            translate(
                merchant_sku,
                '０１２３４５６７８９ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ－＿／АВЕКМНОРСТХаеорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο',
                '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_/ABEKMHOPCTXaeopcyxABEZHIKMNOPTYXo'
            )
        ) as seen
    from products
    where merchant_sku is not null
)

select
    store,
    min(merchant_sku) as one,
    max(merchant_sku) as other
from coded
group by store, seen
having min(merchant_sku) <> max(merchant_sku)

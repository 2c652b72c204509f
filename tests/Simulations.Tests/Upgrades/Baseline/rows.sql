select 'asset_prices' as name, count(*) as all_rows, count(distinct event_id) as numbered from asset_prices where dt < '2026-11-25'
union all select 'account_status', count(*), count(distinct event_id) from account_status where dt < '2026-11-25'
union all select 'asset_transactions', count(*), count(distinct event_id) from asset_transactions where dt < '2026-11-25'
union all select 'cash_transactions', count(*), count(distinct event_id) from cash_transactions where dt < '2026-11-25'
order by name

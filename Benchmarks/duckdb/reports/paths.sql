-- `shoal paths "Product Added" --depth 2`: the two events after the first addition of each visit, in the visit.
with
step as (
    select event.profile, event.rowid as seq, event.ts, event.event::varchar as name, visit.first as visit
    from event asof join visit on event.profile = visit.profile and event.ts >= visit.start
    where event.ts <= :now and event.event::varchar <> '$identify' and event.ts <= visit.finish + 1800000
        -- An order that repeats one is invisible.
        and (event.event::varchar <> 'Order Completed' or event.rowid in (select seq from orders))),
started as (select visit, min(seq) as seq from step where name = 'Product Added' group by visit),
numbered as (
    select step.visit, name, row_number() over (partition by step.visit order by step.seq) as n
    from step join started on started.visit = step.visit and step.seq > started.seq),
one as (select visit, name from numbered where n = 1),
two as (select one.visit, one.name || ' > ' || numbered.name as name from one join numbered using (visit) where n = 2)
select 'start', count(*)::varchar from started
union all select name, count(*)::varchar from one group by name
union all select name, count(*)::varchar from two group by name;

-- `shoal satisfaction`: answers of each score by month.
select upper(survey) || ' ' || strftime(make_timestamp_ms(ts), '%Y-%m') || ' ' || score, count(*)::varchar
from answer
where event::varchar = 'Survey Answered' and ts <= :now and score is not null
group by all;

-- Launches per country and year.
SELECT
    country,
    year(launch_date) AS launch_year,
    count(*) AS total_launches,
    count(*) FILTER (WHERE outcome = 'success') AS successful_launches,
    round(100.0 * successful_launches / total_launches, 1) AS success_rate_pct,
    count(DISTINCT vehicle) AS vehicles_used,
    sum(payload_mass_kg) AS total_payload_kg
FROM {{ ref('silver.enriched_launches') }}
GROUP BY ALL

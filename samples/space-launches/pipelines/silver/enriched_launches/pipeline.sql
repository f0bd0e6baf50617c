-- Each launch with its vehicle. A left join: a launch whose vehicle is unknown stays, and shows as a NULL.
SELECT
    m.launch_id,
    m.mission_name,
    m.launch_date,
    m.country,
    m.launch_site,
    m.orbit,
    m.mission_type,
    m.outcome,
    m.payload_mass_kg,
    m.vehicle,
    r.manufacturer,
    r.height_m AS vehicle_height_m,
    r.thrust_kn AS vehicle_thrust_kn,
    r.active AS vehicle_active
FROM {{ ref('bronze.mission_log') }} AS m
LEFT JOIN {{ ref('bronze.rocket_registry') }} AS r ON r.vehicle_name = m.vehicle

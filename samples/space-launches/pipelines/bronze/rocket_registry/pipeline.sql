-- Every launch vehicle, as the files in the landing zone vehicle-data have it.
SELECT
    vehicle_name,
    manufacturer,
    country,
    height_m,
    diameter_m,
    mass_kg,
    thrust_kn,
    stages,
    first_flight,
    active
FROM read_csv_auto('{{ landing_zone("vehicle-data") }}')

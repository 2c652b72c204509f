-- A write goes the way of the scripts that Orleans publishes: an index on the two hashes, and a PL/pgSQL function that updates and, if nothing was there, inserts.
CREATE INDEX ix_orleansstorage ON OrleansStorage (GrainIdHash, GrainTypeHash);

CREATE FUNCTION write_state(
    id_hash integer, n0 bigint, n1 bigint, type_hash integer, type_name varchar, extension varchar, service varchar, expected integer, payload bytea)
RETURNS TABLE (NewGrainStateVersion integer) AS
$body$
DECLARE
    written integer := 0;
    result integer := expected;
BEGIN
    IF expected IS NOT NULL THEN
        UPDATE OrleansStorage SET PayloadBinary = payload, ModifiedOn = now(), Version = Version + 1
        WHERE GrainIdHash = id_hash AND GrainTypeHash = type_hash AND GrainIdN0 = n0 AND GrainIdN1 = n1 AND GrainTypeString = type_name
            AND ((extension IS NOT NULL AND GrainIdExtensionString = extension) OR (extension IS NULL AND GrainIdExtensionString IS NULL))
            AND ServiceId = service AND Version = expected;
        GET DIAGNOSTICS written = ROW_COUNT;
    ELSE
        INSERT INTO OrleansStorage
        SELECT id_hash, n0, n1, type_hash, type_name, extension, service, payload, now(), 1
        WHERE NOT EXISTS (
            SELECT FROM OrleansStorage
            WHERE GrainIdHash = id_hash AND GrainTypeHash = type_hash AND GrainIdN0 = n0 AND GrainIdN1 = n1 AND GrainTypeString = type_name
                AND ((extension IS NOT NULL AND GrainIdExtensionString = extension) OR (extension IS NULL AND GrainIdExtensionString IS NULL))
                AND ServiceId = service);
        GET DIAGNOSTICS written = ROW_COUNT;
    END IF;

    IF written > 0 THEN result := coalesce(expected, 0) + 1; END IF;
    RETURN QUERY SELECT result;
END
$body$ LANGUAGE plpgsql;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES ('WriteToStorageKey', '
    SELECT * FROM write_state(
        @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId, @GrainStateVersion, @PayloadBinary)
');

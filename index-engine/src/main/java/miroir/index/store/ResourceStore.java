package miroir.index.store;

import java.util.Optional;
import org.bson.RawBsonDocument;

/**
 * Where resources are kept. Every method says on whose behalf it is asked; every failure that the caller can do
 * something about is a {@link miroir.index.Refusal}.
 */
public interface ResourceStore extends AutoCloseable {

    /** The current version, a deletion included; empty where the id was never used. */
    Optional<ResourceVersion> read(Caller caller, ResourceKey key);

    /**
     * Makes this the current version. {@code fhir} has {@code resourceType} and {@code id}; its {@code meta.versionId}
     * and {@code meta.lastUpdated}, if any, are replaced. An update that changes nothing makes no version.
     */
    Written put(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition);

    /**
     * Deletes the resource, which is a version as well. Empty where the id was never used.
     */
    Optional<Written> delete(Caller caller, ResourceKey key, Precondition precondition);

    /** One page of a search. */
    Page select(Caller caller, PageQuery query);

    /** How many resources match. */
    Total count(Caller caller, TotalQuery query);

    /** Whether searches can be answered from indexes. */
    Readiness readiness();

    @Override
    void close();
}

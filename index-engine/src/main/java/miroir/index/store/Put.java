package miroir.index.store;

import org.bson.RawBsonDocument;

/**
 * One of several resources that are written at once, each for itself and whatever is there.
 *
 * @param isNew whether its id must not be that of a live resource, as with {@link ResourceStore#create}
 */
public record Put(ResourceKey key, RawBsonDocument fhir, boolean isNew) {

    /** How its version comes to be where it is not an update. */
    public ResourceVersion.Origin whenNew() {
        return isNew ? ResourceVersion.Origin.CREATED : ResourceVersion.Origin.PUT_CREATED;
    }

    /** Writes it as a single one. */
    public PutOutcome alone(ResourceStore store, Caller caller, Deadline deadline) {
        if (deadline.remaining().isNegative()) {
            return new PutOutcome.NotBegun();
        }
        return PutOutcome.of(
                () -> isNew ? store.create(caller, key, fhir) : store.put(caller, key, fhir, Precondition.none()));
    }
}

package miroir.storage;

import java.time.Instant;
import miroir.index.store.ResourceKey;
import org.bson.RawBsonDocument;

/**
 * A resource as its owner has it.
 *
 * @param up when it got this content, by the owner's clock; nothing older than what is there is taken
 */
public record Mirrored(ResourceKey key, RawBsonDocument fhir, Instant up) {}

package miroir.server.metadata;

import org.bson.RawBsonDocument;

/**
 * A CapabilityStatement ready to be written in either format.
 *
 * @param digest another one for another statement
 */
public record CapabilityDocument(RawBsonDocument resource, String digest) {}

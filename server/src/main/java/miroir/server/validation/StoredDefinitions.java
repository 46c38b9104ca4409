package miroir.server.validation;

import java.time.Instant;
import java.util.Optional;
import org.bson.RawBsonDocument;

/** Structures, value sets and code systems that are stored in this server, as resources like others. Thread-safe. */
public interface StoredDefinitions {
    /** The newest one of this canonical, which may have a version behind a bar. */
    Optional<RawBsonDocument> find(String type, String canonical);

    /** An instant up to which nothing of them changes any more. */
    Instant present();

    /** Whether all that was found before this call, or was not, is still so; {@link #present} was that instant before. */
    boolean isUnchangedSince(Instant present);

    /** There are none, and there will not be. */
    static StoredDefinitions none() {
        return new StoredDefinitions() {
            @Override
            public Optional<RawBsonDocument> find(String type, String canonical) {
                return Optional.empty();
            }

            @Override
            public Instant present() {
                return Instant.EPOCH;
            }

            @Override
            public boolean isUnchangedSince(Instant present) {
                return true;
            }
        };
    }
}

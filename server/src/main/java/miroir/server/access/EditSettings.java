package miroir.server.access;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import miroir.index.store.KeptAccess;
import miroir.index.store.KeptAccess.Kept;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * What administrators set instead of what the file says. It is kept beside who may do what, so all servers learn of it in the same way, within about a second,
 * and each change names what it replaces.
 */
public final class EditSettings {
    private static final String VALUE = "value";
    private static final String BY = "by";
    private static final String AT = "at";

    private final AccessRegister register;
    private final KeptAccess kept;
    private final InstantSource clock;

    EditSettings(AccessRegister register, InstantSource clock) {
        this.register = register;
        this.kept = register.kept();
        this.clock = clock;
    }

    /**
     * A value that was set.
     *
     * @param by who set it, such as {@code administrator/ada}
     * @param at when; null where that cannot be read
     */
    public record Chosen(
            String key, String value, String by, @Nullable Instant at, long version) {
        /** What somebody changed by hand may be anything. */
        static Chosen of(Kept kept) {
            return new Chosen(kept.name(), text(kept, VALUE), text(kept, BY), instant(text(kept, AT)), kept.version());
        }

        private static @Nullable Instant instant(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeException unreadable) {
                return null;
            }
        }

        private static String text(Kept kept, String field) {
            BsonValue value = kept.content().get(field);
            return value != null && value.isString() ? value.asString().getValue() : "";
        }
    }

    /** Tells what is set, by key: what is known of that already, and again whenever it changes. */
    public void follow(Consumer<Map<String, String>> told) {
        register.tell(snapshot -> {
            Map<String, String> values = new HashMap<>();
            snapshot.list(Named.SETTING).stream()
                    .map(Chosen::of)
                    .forEach(chosen -> values.put(chosen.key(), chosen.value()));
            told.accept(values);
        });
    }

    /** All that is set, as it is now. */
    public List<Chosen> list() {
        return register.newest().list(Named.SETTING).stream().map(Chosen::of).toList();
    }

    /** One of them, as it is now. */
    public Optional<Chosen> find(String key) {
        return list().stream().filter(chosen -> chosen.key().equals(key)).findFirst();
    }

    /** Sets what is not set yet, version 0, or replaces the version that was seen; on this server it counts when this returns. */
    public void put(String key, String value, String by, long version) {
        BsonDocument content = new BsonDocument(VALUE, new BsonString(value))
                .append(BY, new BsonString(by))
                .append(AT, new BsonString(clock.instant().toString()));
        EditAccess.put(kept, Named.SETTING, key, version, content);
        register.newest();
    }

    /** Sets it no more. */
    public void remove(String key, long version) {
        EditAccess.remove(kept, Named.SETTING, key, version);
        register.newest();
    }
}

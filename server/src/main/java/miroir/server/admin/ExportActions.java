package miroir.server.admin;

import java.time.Instant;
import miroir.index.Refusal;
import miroir.server.access.AdministratorRole;
import miroir.server.export.KnownExports;
import miroir.server.export.KnownExports.Known;
import miroir.server.export.KnownExports.Listed;
import miroir.server.pipeline.Exchange;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** What administrators see of exports in bulk, and end. */
public final class ExportActions {
    private final @Nullable KnownExports exports;

    /** Those of a tenant; null: nothing is exported. */
    public ExportActions(@Nullable KnownExports exports) {
        this.exports = exports;
    }

    AdminAnswer answer(Exchange exchange) {
        return switch (exchange.adminCall().route()) {
            case LIST_EXPORTS -> {
                Listed listed = known().all();
                boolean byWhom = exchange.administrator().isAtLeast(AdministratorRole.ADMINISTRATOR);
                yield AdminAnswer.of(new BsonDocument(
                                "exports",
                                listed.exports().stream()
                                        .map(each -> byWhom ? shownByWhom(each) : shown(each))
                                        .collect(AdminAnswer.list()))
                        .append("more", BsonBoolean.valueOf(listed.more())));
            }
            case DELETE_EXPORT -> {
                known().end(exchange.adminCall().name());
                yield AdminAnswer.nothing();
            }
            default -> throw new IllegalArgumentException(exchange.adminCall().route() + " is about something else");
        };
    }

    /** Refused where nothing is exported. */
    public KnownExports known() {
        if (exports == null) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "nothing is exported in bulk here");
        }
        return exports;
    }

    /** A network may say who somebody is. */
    private static BsonDocument shownByWhom(Known known) {
        return shown(known).append("by", new BsonString(known.by()));
    }

    private static BsonDocument shown(Known known) {
        return new BsonDocument("name", new BsonString(known.name()))
                .append("who", new BsonString(known.who()))
                .append("request", new BsonString(known.request()))
                .append("state", new BsonString(known.state()))
                .append("held", BsonBoolean.valueOf(known.isHeld()))
                .append("at", instant(known.at()))
                .append("asOf", instant(known.asOf()))
                .append("expires", instant(known.expires()))
                .append("type", new BsonString(known.type()))
                .append("typesDone", new BsonInt32(known.typesDone()))
                .append("types", new BsonInt32(known.types()))
                .append("files", new BsonInt64(known.files()))
                .append("resources", new BsonInt64(known.resources()))
                .append("failure", new BsonString(known.failure()));
    }

    private static BsonString instant(Instant instant) {
        return new BsonString(instant.toString());
    }
}

package miroir.server.admin;

import java.time.Instant;
import miroir.index.Refusal;
import miroir.server.pipeline.Exchange;
import miroir.server.subscriptions.KnownSubscriptions;
import miroir.server.subscriptions.KnownSubscriptions.Known;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** What administrators see of subscriptions, and what they agree to. */
public final class SubscriptionActions {
    private final @Nullable KnownSubscriptions subscriptions;

    /** Those of a tenant; null: none are delivered. */
    public SubscriptionActions(@Nullable KnownSubscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    AdminAnswer answer(Exchange exchange, long version) {
        String id = exchange.adminCall().name();
        return switch (exchange.adminCall().route()) {
            case LIST_SUBSCRIPTIONS ->
                AdminAnswer.of(new BsonDocument(
                        "subscriptions",
                        known().all().stream().map(SubscriptionActions::shown).collect(AdminAnswer.list())));
            case GET_SUBSCRIPTION -> one(id);
            case APPROVE_SUBSCRIPTION -> {
                known().approve(id, version);
                yield one(id);
            }
            case PAUSE_SUBSCRIPTION -> {
                known().pause(id);
                yield one(id);
            }
            case RESUME_SUBSCRIPTION -> {
                known().resume(id);
                yield one(id);
            }
            default -> throw new IllegalArgumentException(exchange.adminCall().route() + " is about something else");
        };
    }

    /** Refused where none are delivered. */
    public KnownSubscriptions known() {
        if (subscriptions == null) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "no subscriptions are delivered here; fhir.types has to name the type Subscription");
        }
        return subscriptions;
    }

    private AdminAnswer one(String id) {
        Known known = known().one(id);
        return new AdminAnswer(200, known.version(), shown(known));
    }

    private static BsonDocument shown(Known known) {
        return new BsonDocument("id", new BsonString(known.id()))
                .append("version", new BsonInt64(known.version()))
                .append("status", new BsonString(known.status()))
                .append("criteria", new BsonString(known.criteria()))
                .append("receiver", new BsonString(known.receiver()))
                .append("owner", new BsonString(known.owner()))
                .append("approved", BsonBoolean.valueOf(known.isApproved()))
                .append("delivered", BsonBoolean.valueOf(known.isDelivered()))
                .append("waiting", new BsonInt64(known.waiting()))
                .append("oldest", instant(known.oldest()))
                .append("told", instant(known.told()))
                .append("taken", new BsonInt64(known.taken()))
                .append("failed", new BsonInt64(known.failed()))
                .append("failingSince", instant(known.failingSince()))
                .append("lastError", new BsonString(known.lastError()));
    }

    private static BsonValue instant(@Nullable Instant instant) {
        return instant == null ? BsonNull.VALUE : new BsonString(instant.toString());
    }
}

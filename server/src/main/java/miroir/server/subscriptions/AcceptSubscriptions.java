package miroir.server.subscriptions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.search.SearchParser;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ForwardingStore;
import miroir.index.store.Precondition;
import miroir.index.store.Put;
import miroir.index.store.PutOutcome;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Written;
import miroir.server.configuration.SubscriptionsConfiguration;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * A store whose Subscriptions are delivered: what is not understood or not offered is refused, whatever interaction writes it; secrets are sealed; and what only the server
 * says of a subscription, nobody else does.
 *
 * <p>The terms of a subscription are what is told and to whom. Who sets them is its owner, on whose behalf it is delivered: with somebody else's rights nobody
 * can have anything sent to a place of his choice. Who changes nothing of them, such as somebody who pauses it, changes neither the owner nor that it was agreed to.
 */
final class AcceptSubscriptions extends ForwardingStore {
    private final ResourceStore store;
    private final SearchParser parser;
    private final Set<String> types;
    private final SubscriptionsConfiguration configuration;
    private final AllowedTargets targets;
    private final SealedSecrets secrets;

    AcceptSubscriptions(
            ResourceStore store,
            SearchParser parser,
            Set<String> types,
            SubscriptionsConfiguration configuration,
            SealedSecrets secrets) {
        super(store);
        this.store = store;
        this.parser = parser;
        this.types = types;
        this.configuration = configuration;
        this.targets = new AllowedTargets(configuration.allowedTargets());
        this.secrets = secrets;
    }

    @Override
    public Written create(Caller caller, ResourceKey key, RawBsonDocument fhir) {
        return store.create(caller, key, accepted(caller, key, fhir));
    }

    @Override
    public Optional<Written> createUnlessFound(
            Caller caller,
            miroir.index.store.Criteria criteria,
            ResourceKey key,
            RawBsonDocument fhir,
            ResourceVersion.Origin origin) {
        return store.createUnlessFound(caller, criteria, key, accepted(caller, key, fhir), origin);
    }

    @Override
    public Written put(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        return store.put(caller, key, accepted(caller, key, fhir), precondition);
    }

    /** Only where one of them is a Subscription each is looked at by itself. */
    @Override
    public List<PutOutcome> putEach(Caller caller, List<Put> puts, Deadline deadline) {
        return puts.stream().anyMatch(put -> put.key().type().equals(Subscribed.TYPE))
                ? super.putEach(caller, puts, deadline)
                : store.putEach(caller, puts, deadline);
    }

    @Override
    public void checkPut(Caller caller, ResourceKey key, RawBsonDocument fhir, Precondition precondition) {
        store.checkPut(caller, key, accepted(caller, key, fhir), precondition);
    }

    @Override
    public <T> T inTransaction(Set<String> written, Deadline deadline, Function<ResourceStore, T> work) {
        return store.inTransaction(
                written,
                deadline,
                within -> work.apply(new AcceptSubscriptions(within, parser, types, configuration, secrets)));
    }

    /** What is stored of what somebody wrote. */
    private RawBsonDocument accepted(Caller caller, ResourceKey key, RawBsonDocument fhir) {
        if (!key.type().equals(Subscribed.TYPE)) {
            return fhir;
        }
        BsonDocument resource = fhir.decode(new BsonDocumentCodec());
        Subscribed sent = ReadSubscription.of(key, 0, Instant.EPOCH, resource);
        requireOffered(caller, sent);
        ResourceVersion.Live current = current(caller, key);
        Subscribed before = current == null ? null : read(current);
        Subscribed same = before != null && Terms.of(before).equals(Terms.of(sent)) ? before : null;
        String owner = same == null ? caller.who() : same.owner();
        if (!Owners.canBe(owner)) {
            throw new Refusal(
                    Refusal.Reason.FORBIDDEN,
                    "what \"" + owner
                            + "\" may see is said by its token and not known later, so nothing can be delivered on its"
                            + " behalf; consumers of the register can subscribe");
        }
        boolean isApproved = (same != null && secrets.isAgreedTo(same)) || isApproved(caller, owner, sent);
        Ours.set(resource, ReadSubscription.OWNER, owner);
        Ours.set(resource, ReadSubscription.APPROVED, isApproved ? secrets.consent(sent, owner) : null);
        Status status = status(sent.status(), before, isApproved);
        resource.put("status", new BsonString(status.code()));
        setError(
                resource,
                status == Status.ERROR && current != null ? current.fhir().get("error") : null);
        seal(resource, owner, sent);
        return new RawBsonDocument(resource, new BsonDocumentCodec());
    }

    private void requireOffered(Caller caller, Subscribed sent) {
        Criteria.of(sent, parser, types);
        if (caller.seen().of(sent.type()).isNone()) {
            throw new Refusal(
                    Refusal.Reason.RIGHT_MISSING,
                    "\"" + caller.who() + "\" may not search " + sent.type() + ", so nothing of it would be delivered");
        }
        targets.refusal(sent.endpoint()).ifPresent(why -> {
            throw refused(why, "channel.endpoint");
        });
    }

    /** Whoever may not see it may not write it either; what he is told of is that alone. */
    private ResourceVersion.@Nullable Live current(Caller caller, ResourceKey key) {
        return store.read(caller.seeingEverything(), key).orElse(null) instanceof ResourceVersion.Live live
                ? live
                : null;
    }

    /** What went wrong stays what the server said of it. */
    private static void setError(BsonDocument resource, @Nullable BsonValue error) {
        if (error == null) {
            resource.remove("error");
        } else {
            resource.put("error", error);
        }
    }

    /** Null where it is from before this server looked at them. */
    private static @Nullable Subscribed read(ResourceVersion.Live live) {
        try {
            return ReadSubscription.of(
                    live.key(), live.version(), live.from(), live.fhir().decode(new BsonDocumentCodec()));
        } catch (Refusal refused) {
            return null;
        }
    }

    /** What somebody who may do everything subscribes to needs nobody else. What another one subscribed to he agrees to where he says so, and not by the way. */
    private boolean isApproved(Caller caller, String owner, Subscribed sent) {
        return configuration.validation() == SubscriptionsConfiguration.Validation.AUTOMATIC
                || configuration
                        .trustedHosts()
                        .contains(sent.endpoint().getHost().toLowerCase(Locale.ROOT))
                || (caller.who().equals(owner)
                        && caller.seen().isEverything()
                        && caller.changed().isEverything());
    }

    private static Status status(Status sent, @Nullable Subscribed before, boolean isApproved) {
        if (sent == Status.OFF) {
            return Status.OFF;
        }
        if (sent == Status.ERROR) {
            if (before == null || before.status() != Status.ERROR) {
                throw refused(
                        "only the server says that a subscription is in error; allowed are requested and off",
                        "status");
            }
            return Status.ERROR;
        }
        return isApproved ? Status.ACTIVE : Status.REQUESTED;
    }

    /** What came back as it was read is sealed already; for another owner or another receiver it is of no use. */
    private void seal(BsonDocument resource, String owner, Subscribed sent) {
        BsonDocument channel = resource.getDocument("channel");
        Subscribed owned = Ours.withOwner(sent, owner);
        if (channel.containsKey("header")) {
            List<BsonValue> sealed = new ArrayList<>();
            for (Subscribed.Header header : sent.headers()) {
                String purpose = SealedSecrets.purpose(owned, header.name().toLowerCase(Locale.ROOT));
                sealed.add(new BsonString(header.name() + ": " + sealed(header.value(), purpose, "channel.header")));
            }
            channel.put("header", new BsonArray(sealed));
        }
        String secret = sent.secret();
        if (secret != null) {
            ReadSubscription.extension(channel, ReadSubscription.SECRET)
                    .ifPresent(extension -> extension.put(
                            "valueString",
                            new BsonString(sealed(
                                    secret,
                                    SealedSecrets.purpose(owned, ReadSubscription.SECRET),
                                    "channel.extension"))));
        }
    }

    private String sealed(String text, String purpose, String path) {
        if (!SealedSecrets.isSealed(text)) {
            return secrets.close(text, purpose);
        }
        if (secrets.open(text, purpose) == null) {
            throw refused(
                    "what is sealed was not sealed for this receiver and this owner; allowed is what it is to be, in clear",
                    path);
        }
        return text;
    }

    private static Refusal refused(String sentence, String path) {
        return new Refusal(Refusal.Reason.UNPROCESSABLE, sentence, Subscribed.TYPE + "." + path);
    }
}

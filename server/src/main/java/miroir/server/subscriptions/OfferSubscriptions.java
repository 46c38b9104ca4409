package miroir.server.subscriptions;

import java.time.InstantSource;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import miroir.index.search.SearchParser;
import miroir.index.store.ResourceStore;
import miroir.server.access.KnownTokens;
import miroir.server.configuration.AccessConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.storage.MongoResourceStore;
import miroir.storage.ledger.LeasedDocuments;
import miroir.storage.ledger.Ledger;

/** Subscriptions, where resources are kept in MongoDB and the type is served. */
public final class OfferSubscriptions {
    static final String COLLECTION = "miroir_subscriptions";

    private final MongoResourceStore store;
    private final LeasedDocuments progress;
    private final SealedSecrets secrets;

    /** Those of that store; how far they are is written into that ledger. */
    public OfferSubscriptions(MongoResourceStore store, Ledger ledger) {
        this.store = store;
        this.progress = ledger.leased(COLLECTION);
        this.secrets = new SealedSecrets(() -> store.sharedSecret("subscriptions"));
    }

    /** A store that takes only such as can be delivered. */
    public ResourceStore accepting(
            ResourceStore written, SearchParser parser, Set<String> types, ServerConfiguration configuration) {
        return types.contains(Subscribed.TYPE)
                ? new AcceptSubscriptions(written, parser, types, configuration.subscriptions(), secrets)
                : written;
    }

    /** What administrators see of them, and do. */
    public KnownSubscriptions known() {
        return new KnownSubscriptions(
                new FindSubscriptions(store),
                progress,
                new ChangeStatus(store, secrets),
                secrets,
                InstantSource.system());
    }

    /** Begins to deliver them, until that is closed. */
    public AutoCloseable begin(ServerConfiguration configuration, KnownTokens tokens, boolean hasLocalToken) {
        Set<String> types = store.inForce().made().registry().types();
        if (!types.contains(Subscribed.TYPE)) {
            return () -> {};
        }
        Owners owners = new Owners(
                tokens, hasLocalToken, configuration.access().mode() == AccessConfiguration.Mode.OPEN, store::inForce);
        Engine engine = new Engine(
                store,
                configuration.subscriptions(),
                progress,
                owners,
                secrets,
                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                Engine.BEYOND_SENDING);
        return new KeepDelivering(engine, types).begin();
    }
}

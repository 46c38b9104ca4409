package miroir.face;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import miroir.server.access.AdminClient;
import miroir.simulator.Kind;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import miroir.simulator.http.Simulator;
import miroir.simulator.http.SimulatorSettings;
import miroir.simulator.life.Event;
import miroir.storage.sync.Synchronisation;
import org.awaitility.Awaitility;

/**
 * What goes wrong at a site, by the means by which it does: the directory sends what cannot be stored, a third of its organizations is gone over night, its devices do not come, another source
 * refuses who has no key, and a receiver is not there for longer than is waited for it.
 */
final class Troubles implements AutoCloseable {
    /** Of which some records cannot be stored. */
    static final String REJECTED = "up/PractitionerRole";

    /** Of which too much is gone. */
    static final String HELD = "up/Organization";

    /** Of which no page comes. */
    static final String FAILED = "up/Device";

    private static final String REFUSED = "regional/HealthcareService";

    private static final Duration LONG = Duration.ofSeconds(60);

    private final FaceSite site;
    private final Simulator locked;

    private Troubles(FaceSite site, Simulator locked) {
        this.site = site;
        this.locked = locked;
    }

    static Troubles make(FaceSite site) throws Exception {
        Troubles troubles =
                new Troubles(site, Simulator.start(SimulatorSettings.standard().withKey("only for who knows it")));
        String subscription = troubles.subscribe();
        troubles.sendWhatCannotBeStored();
        troubles.loseOrganizations();
        troubles.loseDevices();
        troubles.copyWithoutAKey();
        troubles.awaitError(subscription);
        return troubles;
    }

    /** The pages that tell of it. */
    List<Place> places() {
        return List.of(
                new Place("/", "home", "home-late"),
                new Place("/admin/synchronisations?state=ko", "synchronisations", "admin-synchronisations-ko"),
                new Place(page(REJECTED), "synchronisation", "admin-synchronisations-rejected"),
                new Place("/admin/runs/" + site.run(REJECTED), "run", "admin-run-rejected"),
                new Place(page(HELD), "synchronisation", "admin-synchronisations-held"),
                new Place("/admin/runs/" + site.run(FAILED), "run", "admin-run-failed"),
                new Place("/admin/sources", "sources", "admin-sources-failed"),
                new Place("/admin/subscriptions", "subscriptions", "admin-subscriptions-error"));
    }

    private static String page(String synchronisation) {
        return "/admin/synchronisations/" + synchronisation.replace('/', '.');
    }

    private String subscribe() throws Exception {
        AdminClient local = site.local();
        String id = site.subscribe("ValueSet?_id=told");
        String version =
                local.get("subscriptions/" + id).headers().firstValue("ETag").orElse("");
        local.done("POST", "subscriptions/" + id + "/approve", "", "If-Match", version);
        // It hears of what is kept after it began.
        Awaitility.await().atMost(LONG).until(() -> status(id).equals("active"));
        site.keep("ValueSet", "told");
        return id;
    }

    private String status(String subscription) throws Exception {
        return site.local()
                .done("GET", "subscriptions/" + subscription, "")
                .getString("status")
                .getValue();
    }

    private void awaitError(String subscription) {
        Awaitility.await().atMost(LONG).until(() -> status(subscription).equals("error"));
    }

    private void sendWhatCannotBeStored() throws Exception {
        site.simulator()
                .faults()
                .add(FaultRule.atRate(Fault.UNSTORABLE_RESOURCE, 1).ofType(Kind.PRACTITIONER_ROLE.type()));
        readAll(REJECTED, each -> each.state() == Synchronisation.State.KO);
    }

    private void loseOrganizations() throws Exception {
        site.simulator().happen(Kind.ORGANIZATION, Event.VANISH, 0.3);
        readAll(HELD, each -> each.held() != null);
    }

    /** They are counted, and no page of them is ever sent. */
    private void loseDevices() throws Exception {
        site.simulator()
                .faults()
                .add(FaultRule.atRate(Fault.BAD_GATEWAY, 1)
                        .ofType(Kind.DEVICE.type())
                        .onPage(1));
        readAll(FAILED, each -> each.state() == Synchronisation.State.KO);
    }

    private void readAll(String synchronisation, Predicate<Synchronisation> condition) throws Exception {
        site.local().done("POST", "synchronisations/" + synchronisation.replace('/', '.') + "/full", "");
        await(synchronisation, condition);
    }

    private void copyWithoutAKey() throws Exception {
        AdminClient local = site.local();
        local.done("POST", "sources", "{\"name\":\"regional\",\"url\":\"" + locked.base() + "\"}");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site.register().source("regional").isPresent());
        local.done("POST", "synchronisations", "{\"source\":\"regional\",\"type\":\"HealthcareService\"}");
        await(REFUSED, each -> each.state() == Synchronisation.State.KO);
        local.done("POST", "sources/regional/try", "");
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site.register()
                        .source("regional")
                        .filter(each -> each.tried() != null)
                        .isPresent());
    }

    private void await(String synchronisation, Predicate<Synchronisation> condition) {
        Awaitility.await()
                .atMost(LONG)
                .until(() -> site.register()
                        .find(synchronisation)
                        .filter(condition)
                        .filter(each -> site.register().commands().isEmpty())
                        .isPresent());
    }

    @Override
    public void close() {
        locked.close();
    }
}

package miroir.server.console;

import java.time.Instant;
import miroir.server.access.AdministratorRole;
import miroir.server.admin.ExportActions;
import miroir.server.admin.SettingActions;
import miroir.server.admin.SubscriptionActions;
import miroir.server.load.Load;
import miroir.server.routing.AdminRoute;

/** What is shown of the console as it is now; each of them is read once a second for all who look at it, and while nobody does not at all. */
final class ConsoleFragments {
    private static final AdministratorRole LOOKS = AdministratorRole.VIEWER;

    private ConsoleFragments() {}

    static Fragments of(
            ReadSynchronisations read,
            ReadAccess access,
            ReadAudit audit,
            ResourcePages resources,
            SubscriptionActions subscriptions,
            ExportActions exports,
            Load load,
            SettingActions settings) {
        return new Fragments()
                .withSome("synchronisations", LOOKS, read::list, "synchronisationList", "list")
                .withEach(
                        "synchronisation",
                        LOOKS,
                        dotted -> read.detail(read.require(dotted)),
                        "synchronisationDetail",
                        "detail")
                .withEach("run", LOOKS, read::runDetail, "runDetail", "detail")
                .withEach("rejections", LOOKS, read::rejectionsNow, "rejectionList", "list")
                .with("sources", LOOKS, read::sources, "sourceList", "list")
                .with("types", LOOKS, resources::types, "typeList", "list")
                .with("consumers", LOOKS, access::list, "accessList", "list")
                .withEach("consumer", LOOKS, access::consumer, "consumerDetail", "detail")
                .with(
                        "subscriptions",
                        LOOKS,
                        () -> SubscriptionList.of(
                                subscriptions.known().all(),
                                Instant.now(),
                                settings.present().subscriptions()),
                        "subscriptionList",
                        "list")
                .with("exports", LOOKS, () -> ExportList.of(exports.known()), "exportList", "list")
                .withSome("load", LOOKS, code -> LoadShown.of(load, code), "loadCharts", "shown")
                .with("settings", LOOKS, settings::list, "settingList", "settings")
                .withSome(
                        "audit",
                        AdminRoute.AUDIT.needed(),
                        new Fragments.Reading(audit::known, audit::once, audit::begin),
                        "auditRows",
                        "found");
    }
}

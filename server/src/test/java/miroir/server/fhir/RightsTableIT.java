package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.generated.GeneratedFile;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;
import miroir.server.export.OfferExports;
import miroir.server.routing.Interaction;
import miroir.storage.MongoResourceStore;
import miroir.storage.ledger.Ledger;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Makes docs/api/rights.md by sending every interaction as everybody who could. */
@ExtendWith(MongoExtension.class)
final class RightsTableIT {
    private static final String PATH = "docs/api/rights.md";
    private static final Set<Integer> REFUSED = Set.of(401, 403);

    /** Those that are no interactions of FHIR. */
    static final Set<Interaction> APART = EnumSet.of(
            Interaction.ADMIN,
            Interaction.CONSOLE,
            Interaction.PAGE,
            Interaction.PEOPLE,
            Interaction.REPORT,
            Interaction.REPORT_OF_CHANGES,
            Interaction.NONE);

    /** Who asks, and how the token comes about. */
    private interface Caller {
        String token(AdminClient admin) throws Exception;
    }

    private static final String OTHER_TENANT = "other tenant";

    private static final Map<String, Caller> CALLERS = callers();

    private static Map<String, Caller> callers() {
        Map<String, Caller> callers = new LinkedHashMap<>();
        callers.put("nobody, open", admin -> "");
        callers.put("nobody", admin -> "");
        callers.put("wrong token", admin -> "miroir_wrong");
        callers.put("revoked", RightsTableIT::revoked);
        callers.put("expired", RightsTableIT::expired);
        callers.put("reads", admin -> admin.consumer("reads", "READ, SEARCH, HISTORY on *"));
        callers.put("reads another type", admin -> admin.consumer("reads-other", "READ, SEARCH, HISTORY on Device"));
        callers.put(
                "everything of others",
                admin -> admin.consumer(
                        "narrowed",
                        "READ, SEARCH, HISTORY, CREATE, UPDATE, DELETE, ERASE on Practitioner?identifier=2"));
        callers.put(
                OTHER_TENANT,
                admin -> admin.consumer("of-own", "READ, SEARCH, HISTORY, CREATE, UPDATE, DELETE, ERASE on *"));
        callers.put("administrator", admin -> admin.session("table"));
        callers.put("everything", admin -> TestServer.TOKEN);
        return callers;
    }

    private static String revoked(AdminClient admin) throws Exception {
        String token = admin.consumer("revoked", "READ, SEARCH, HISTORY, CREATE, UPDATE, DELETE, ERASE on *");
        admin.revokeAll("revoked");
        return token;
    }

    private static String expired(AdminClient admin) throws Exception {
        admin.consumer("expired", "READ, SEARCH, HISTORY, CREATE, UPDATE, DELETE, ERASE on *");
        Instant soon = Instant.now().plusSeconds(5);
        String token = admin.token("expired", soon);
        await().atMost(Duration.ofSeconds(30)).until(() -> Instant.now().isAfter(soon.plusMillis(100)));
        return token;
    }

    @Test
    void everyInteraction_asEverybody_isAnsweredAsTheTableSays(TestDatabase database) throws Exception {
        List<List<Integer>> columns = new ArrayList<>();
        try (MongoResourceStore exported =
                        MongoResourceStore.open(TestServer.settings(database), TestServer.REGISTRY, TestServer.FIELDS);
                Ledger ledger = Ledger.open(TestServer.settings(database))) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> exported.readiness().ready());
            OfferExports exports = new OfferExports(exported, ledger);
            for (Map.Entry<String, Caller> caller : CALLERS.entrySet()) {
                String mode = caller.getKey().endsWith("open") ? "open" : "token";
                String access = "access: {mode: " + mode + "}";
                try (TestServer server = caller.getKey().equals(OTHER_TENANT)
                        ? TestServer.besideNorth(access, database)
                        : TestServer.withAccess(access, database, exports)) {
                    Http.write(
                            "PUT",
                            server.uri("/fhir/Practitioner/p1"),
                            "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}");
                    String base = caller.getKey().equals(OTHER_TENANT)
                            ? server.base().replace("/fhir", "/north/fhir")
                            : server.base();
                    columns.add(statuses(base, caller.getValue().token(AdminClient.local(server))));
                }
            }
        }

        checkWhatMustHold(columns);
        GeneratedFile.at(PATH).assertIs(page(columns));
    }

    private static List<Integer> statuses(String base, String token) throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (RoutingTableIT.Row row : RoutingTableIT.ROWS) {
            statuses.add(row.status(base, token));
        }
        return statuses;
    }

    /** Whatever the table says. */
    private static void checkWhatMustHold(List<List<Integer>> columns) {
        List<String> names = List.copyOf(CALLERS.keySet());
        Set<Interaction> seen = EnumSet.noneOf(Interaction.class);
        for (int i = 0; i < RoutingTableIT.ROWS.size(); i++) {
            RoutingTableIT.Row row = RoutingTableIT.ROWS.get(i);
            seen.add(row.interaction());
            for (int j = 0; j < names.size(); j++) {
                int status = columns.get(j).get(i);
                assertThat(status)
                        .as("%s as %s", row, names.get(j))
                        .isLessThan(502)
                        .isNotEqualTo(500);
                if (row.interaction().isOffered()) {
                    switch (names.get(j)) {
                        case "nobody" ->
                            assertThat(status == 401)
                                    .as("%s", row)
                                    .isEqualTo(row.interaction() != Interaction.SMART_CONFIGURATION);
                        case "wrong token", "revoked", "expired", OTHER_TENANT ->
                            assertThat(status).as("%s as %s", row, names.get(j)).isEqualTo(401);
                        case "nobody, open" ->
                            assertThat(status == 401)
                                    .as("%s", row)
                                    .isEqualTo(row.interaction().writes());
                        case "reads", "administrator" ->
                            assertThat(status == 403)
                                    .as("%s", row)
                                    .isEqualTo(row.interaction().writes());
                        case "everything" -> assertThat(REFUSED).as("%s", row).doesNotContain(status);
                        default -> assertThat(status).as("%s", row).isNotEqualTo(401);
                    }
                }
            }
        }
        seen.addAll(APART);
        assertThat(seen).as("interactions that the table has").containsAll(EnumSet.allOf(Interaction.class));
    }

    private static String page(List<List<Integer>> columns) {
        StringBuilder page = new StringBuilder("""
                # Rights

                <!-- Generated by RightsTableIT; change that instead. -->

                What each interaction is answered with, by who asks. *nobody, open* is without a token where `access.mode` is `open`; all others are where it is
                `token`. *everything of others* has all rights, on practitioners that `Practitioner/p1` is not among. *other tenant* has all rights, of
                a [tenant](../operations/tenants.md), and asks for another. *administrator* has logged in. 401: a token is missing or is not valid;
                403: it does not allow that; 404: what is asked for is not there, or not for who asks. [What rights there are](../operations/access.md).
                What administrators ask for is in [another table](admin-rights.md).

                """);
        page.append("| interaction | request |");
        CALLERS.keySet().forEach(name -> page.append(' ').append(name).append(" |"));
        page.append("\n|---|---|").append("---|".repeat(CALLERS.size())).append('\n');
        for (int i = 0; i < RoutingTableIT.ROWS.size(); i++) {
            RoutingTableIT.Row row = RoutingTableIT.ROWS.get(i);
            page.append("| ")
                    .append(row.interaction().code())
                    .append(" | ")
                    .append(row.shown())
                    .append(" |");
            for (List<Integer> column : columns) {
                page.append(' ').append(column.get(i)).append(" |");
            }
            page.append('\n');
        }
        return page.toString();
    }
}

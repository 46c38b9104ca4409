package miroir.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
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
import miroir.server.routing.AdminRoute;
import miroir.storage.access.AccessDocuments;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Makes docs/api/admin-rights.md by sending every request of administrators as everybody who could. */
@ExtendWith(MongoExtension.class)
final class AdminRightsTableIT {
    private static final String PATH = "docs/api/admin-rights.md";
    private static final String PASSWORD = "correct horse battery";
    private static final String OTHER_TENANT = "session of another tenant";
    private static final String CONSUMER_ELSEWHERE = "consumer of another tenant";

    /** Whose token is none, whatever is asked for. */
    private static final Set<String> UNKNOWN = Set.of(
            "wrong token",
            "revoked token",
            "expired token",
            CONSUMER_ELSEWHERE,
            "wrong session",
            "closed session",
            "expired session",
            OTHER_TENANT);

    private static final Set<AdminRoute> END_SESSIONS = EnumSet.of(AdminRoute.LOG_OUT, AdminRoute.CLOSE_OWN_SESSIONS);

    @Test
    void everyRoute_asEverybody_isAnsweredAsTheTableSays(TestDatabase database) throws Exception {
        Map<AdminRoute, Map<String, Integer>> table = new LinkedHashMap<>();
        try (TestServer server = TestServer.besideNorth("access: {requests: true}", database);
                AccessDocuments kept = AccessDocuments.open(TestServer.settings(database))) {
            Map<String, String> tokens = tokens(AdminClient.local(server), kept);
            for (AdminRoute route : AdminRoute.values()) {
                Map<String, Integer> row = new LinkedHashMap<>();
                for (Map.Entry<String, String> asker : tokens.entrySet()) {
                    String tenant = asker.getKey().endsWith("of another tenant") ? "/north" : "";
                    row.put(asker.getKey(), status(server, tenant, route, asker.getValue()));
                }
                table.put(route, row);
                if (END_SESSIONS.contains(route)) {
                    tokens = tokens(AdminClient.local(server), kept);
                }
            }
        }

        table.forEach(AdminRightsTableIT::checkWhatMustHold);
        GeneratedFile.at(PATH).assertIs(page(table));
    }

    private static Map<String, String> tokens(AdminClient local, AccessDocuments kept) throws Exception {
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("nobody", "");
        tokens.put("wrong token", "miroir_wrong");
        tokens.put("revoked token", revoked(local));
        tokens.put("expired token", expired(local));
        tokens.put(CONSUMER_ELSEWHERE, consumer(local, "shop"));
        tokens.put("wrong session", "miroir_session_wrong");
        String closed = session(local, "closes", "administrator");
        new AdminClient(local.server(), closed).done("DELETE", "session", "");
        tokens.put("closed session", closed);
        String old = session(local, "sleeps", "administrator");
        expire(kept, old);
        tokens.put("expired session", old);
        tokens.put(OTHER_TENANT, session(local, "elsewhere", "administrator"));
        tokens.put("consumer", consumer(local, "shop"));
        for (String role : List.of("viewer", "operator", "administrator")) {
            tokens.put(role, session(local, role, role));
        }
        tokens.put("local token", TestServer.TOKEN);
        return tokens;
    }

    private static String session(AdminClient local, String name, String role) throws Exception {
        if (local.get("administrators/" + name).statusCode() == 404) {
            String content = "{\"role\":\"" + role + "\",\"password\":\"" + PASSWORD + "\"}";
            local.done("PUT", "administrators/" + name, content);
        }
        return local.done("POST", "session", "{\"name\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}")
                .getString("token")
                .getValue();
    }

    /** As if its time were over. */
    private static void expire(AccessDocuments kept, String token) {
        String id = TokenText.hash(token);
        BsonDocument content = kept.findSession(id).orElseThrow();
        kept.openSession(id, content, Duration.ofSeconds(-1));
    }

    private static String revoked(AdminClient local) throws Exception {
        String token = consumer(local, "revoked");
        local.revokeAll("revoked");
        return token;
    }

    private static String expired(AdminClient local) throws Exception {
        consumer(local, "expired");
        Instant soon = Instant.now().plusSeconds(2);
        String token = local.token("expired", soon);
        await().atMost(Duration.ofSeconds(30)).until(() -> Instant.now().isAfter(soon.plusMillis(100)));
        return token;
    }

    /** With all rights on resources. */
    private static String consumer(AdminClient local, String name) throws Exception {
        if (local.get("consumers/" + name).statusCode() == 404) {
            local.done("PUT", "consumers/" + name, "{\"roles\":[\"everything\"]}");
        }
        return local.token(name);
    }

    /** Of what is not there, with nothing in it, so that nothing comes of it. */
    private static int status(TestServer server, String tenant, AdminRoute route, String token) throws Exception {
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
        if (!token.isEmpty()) {
            headers.addAll(List.of("Authorization", "Bearer " + token));
        }
        HttpResponse<String> answer = Http.send(
                route.method(),
                server.uri(tenant + AdminRoute.BASE + "/" + route.path().replaceAll("\\{\\w+}", "none")),
                (route.isGet() ? "" : "{}").getBytes(StandardCharsets.UTF_8),
                headers.toArray(String[]::new));
        return answer.statusCode();
    }

    /** Whatever the table says. */
    private static void checkWhatMustHold(AdminRoute route, Map<String, Integer> row) {
        boolean forAnybody = route.needed() == AdministratorRole.NOBODY;
        row.forEach((asker, status) -> {
            assertThat(status).as("%s as %s", route, asker).isLessThan(500);
            if (UNKNOWN.contains(asker)) {
                assertThat(status).as("%s as %s", route, asker).isEqualTo(401);
            } else if (asker.equals("nobody")) {
                assertThat(status == 401).as("%s as %s", route, asker).isEqualTo(!forAnybody);
            } else {
                assertThat(status).as("%s as %s", route, asker).isNotEqualTo(401);
                boolean may = forAnybody || role(asker).isAtLeast(route.needed());
                assertThat(status == 403).as("%s as %s", route, asker).isEqualTo(!may);
            }
        });
    }

    private static AdministratorRole role(String asker) {
        return switch (asker) {
            case "consumer" -> AdministratorRole.NOBODY;
            case "viewer" -> AdministratorRole.VIEWER;
            case "operator" -> AdministratorRole.OPERATOR;
            default -> AdministratorRole.ADMINISTRATOR;
        };
    }

    private static String page(Map<AdminRoute, Map<String, Integer>> table) {
        Set<String> askers = table.values().iterator().next().keySet();
        StringBuilder page = new StringBuilder("""
                # Rights of administrators

                <!-- Generated by AdminRightsTableIT; change that instead. -->

                What each request below `/admin/api` is answered with, by who asks; those about resources are in [another table](rights.md). Requests are about what is
                not there, and say nothing, so whoever may ask mostly gets 400 or 404. 401: a token is missing or is not valid; 403: whoever has it may not. *consumer* has
                all rights on resources; those *of another tenant* are of the server, and ask a [tenant](../operations/tenants.md). What each request
                does is in `/admin/api/openapi.json`; [who has which role](../operations/access.md).

                """);
        page.append("| request | needs |");
        askers.forEach(asker -> page.append(' ').append(asker).append(" |"));
        page.append("\n|---|---|").append("---|".repeat(askers.size())).append('\n');
        table.forEach((route, row) -> {
            page.append("| `")
                    .append(route.method())
                    .append(' ')
                    .append(route.path())
                    .append("` | ");
            page.append(
                            route.needed() == AdministratorRole.NOBODY
                                    ? ""
                                    : route.needed().word())
                    .append(" |");
            row.values().forEach(status -> page.append(' ').append(status).append(" |"));
            page.append('\n');
        });
        return page.toString();
    }
}

package miroir.server.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.interceptor.LoggingInterceptor;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import miroir.server.Http;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What docs/operations/plugin.md promises of somebody else's server, beside what RoutingTableIT shows. */
final class PluginIT {
    private static final long LARGEST_READ = 48L << 20;

    /** More of them than together have memory: each has to give back what it held. */
    @Test
    void reads_thatFail_giveTheirMemoryBack() throws Exception {
        try (HostedServer server = HostedServer.start()) {
            long enough = Runtime.getRuntime().maxMemory() / LARGEST_READ + 2;
            for (long i = 0; i < enough; i++) {
                HttpResponse<String> none = get(server, "/Practitioner/none");
                assertThat(none.statusCode()).isEqualTo(404);
                assertThat(none.body()).contains("Practitioner/none is not known");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pages_leadOnUnderTheBaseOfTheServer(boolean asBytes) throws Exception {
        try (HostedServer server = start(asBytes)) {
            put(server, "Device", "a");
            put(server, "Device", "b");

            HttpResponse<String> page = get(server, "/Device?_count=1");
            String next = page.body().replaceAll("(?s).*\"next\",\\s*\"url\":\\s*\"([^\"]*)\".*", "$1");

            assertThat(page.body()).doesNotContain("\"total\"").contains("\"type\":\"searchset\"");
            assertThat(next).startsWith(server.base() + "/Device?_page=");
            assertThat(Http.send("GET", URI.create(next)).body()).contains("\"id\":\"b\"");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void headers_areThoseOfOurOwnServer(boolean asBytes) throws Exception {
        try (HostedServer server = start(asBytes)) {
            put(server, "Organization", "o");

            assertThat(put(server, "Organization", "o", "If-Match", "W/\"7\"", "If-Match", "W/\"1\""))
                    .as("on several lines")
                    .isEqualTo(200);
            assertThat(put(server, "Organization", "o", "If-Match", "W/\"7\"", "If-Match", "W/\"8\""))
                    .isEqualTo(412);
            HttpResponse<String> read = get(server, "/Organization/o");
            for (String header : List.of("ETag", "Last-Modified", "Content-Location")) {
                assertThat(read.headers().allValues(header)).as(header).hasSize(1);
            }
            assertThat(read.headers().firstValue("ETag")).hasValue("W/\"1\"");
            assertThat(get(server, "/Organization/o", "If-None-Match", "W/\"7\", W/\"1\"")
                            .statusCode())
                    .isEqualTo(304);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writes_sayWhatTheyMade(boolean asBytes) throws Exception {
        try (HostedServer server = start(asBytes)) {
            URI type = URI.create(server.base() + "/Organization");
            String json = "{\"resourceType\":\"Organization\",\"name\":\"n\"}";
            for (String wish : List.of("representation", "minimal", "OperationOutcome")) {
                HttpResponse<String> made = Http.write("POST", type, json, "Prefer", "return=" + wish);

                assertThat(made.statusCode()).as(wish).isEqualTo(201);
                assertThat(made.headers().allValues("Location")).as(wish).hasSize(1);
                assertThat(made.headers().allValues("ETag")).as(wish).containsExactly("W/\"1\"");
                assertThat(made.headers().firstValue("Preference-Applied")).hasValue("return=" + wish);
                assertThat(made.body().isEmpty()).as(wish).isEqualTo(wish.equals("minimal"));
            }
            put(server, "Organization", "gone");
            HttpResponse<String> deleted = Http.write("DELETE", URI.create(type + "/gone"), "");
            assertThat(deleted.statusCode()).isEqualTo(204);
            assertThat(deleted.headers().firstValue("ETag")).hasValue("W/\"2\"");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void patches_areDoneInEveryFormat(boolean asBytes) throws Exception {
        try (HostedServer server = start(asBytes)) {
            put(server, "Organization", "o");
            String json = "[{\"op\":\"add\",\"path\":\"/active\",\"value\":false}]";
            String path = """
                    <Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/>
                    <part><name value="type"/><valueCode value="replace"/></part>
                    <part><name value="path"/><valueString value="Organization.active"/></part>
                    <part><name value="value"/><valueBoolean value="true"/></part></parameter></Parameters>""";

            HttpResponse<String> first = patch(server, "application/json-patch+json", json);
            HttpResponse<String> second = patch(server, "application/fhir+xml", path, "If-Match", "W/\"2\"");
            HttpResponse<String> overtaken = patch(server, "application/fhir+xml", path, "If-Match", "W/\"2\"");

            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            assertThat(first.headers().allValues("ETag")).containsExactly("W/\"2\"");
            assertThat(first.headers().allValues("Last-Modified")).hasSize(1);
            assertThat(first.headers().allValues("Content-Location"))
                    .containsExactly(server.base() + "/Organization/o/_history/2");
            assertThat(first.body()).contains("\"active\":false");
            assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
            assertThat(get(server, "/Organization/o").body()).contains("\"active\":true");
            assertThat(overtaken.statusCode()).isEqualTo(412);
            assertThat(patch(server, "text/plain", json).statusCode()).isEqualTo(400);
        }
    }

    private static HttpResponse<String> patch(HostedServer server, String contentType, String body, String... headers)
            throws Exception {
        String[] all = Stream.concat(Stream.of("Content-Type", contentType), Stream.of(headers))
                .toArray(String[]::new);
        return Http.send(
                "PATCH", URI.create(server.base() + "/Organization/o"), body.getBytes(StandardCharsets.UTF_8), all);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void conditionalWrites_areThoseOfOurOwnServer(boolean asBytes) throws Exception {
        try (HostedServer server = start(asBytes)) {
            URI type = URI.create(server.base() + "/Organization");
            URI byName = URI.create(type + "?name:exact=n&_format=json");
            String json = "{\"resourceType\":\"Organization\",\"name\":\"n\"}";

            assertThat(Http.write("POST", type, json, "If-None-Exist", "name:exact=n")
                            .statusCode())
                    .isEqualTo(201);
            HttpResponse<String> found = Http.write("POST", type, json, "If-None-Exist", type + "?name:exact=n");
            assertThat(found.statusCode()).isEqualTo(200);
            assertThat(found.headers().allValues("Location")).hasSize(1);
            HttpResponse<String> updated = Http.write("PUT", byName, json.replace("}", ",\"active\":true}"));
            assertThat(updated.statusCode()).isEqualTo(200);
            assertThat(updated.headers().firstValue("ETag")).hasValue("W/\"2\"");
            assertThat(Http.write("PUT", byName, json, "If-Match", "W/\"1\"").statusCode())
                    .isEqualTo(412);
            assertThat(Http.write("DELETE", type, "").statusCode()).isEqualTo(400);
            assertThat(Http.write("DELETE", byName, "").statusCode()).isEqualTo(204);
            assertThat(Http.write("DELETE", byName, "").statusCode()).isEqualTo(204);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parts_areAnsweredWithTheirTag(boolean asBytes) throws Exception {
        try (HostedServer server = start(asBytes)) {
            put(server, "Organization", "o");

            for (String path : List.of("/Organization/o?_elements=name", "/Organization?_elements=name")) {
                String answer = get(server, path).body();
                assertThat(answer).contains("SUBSETTED", "\"name\"").doesNotContain("alias");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void history_isABundleOfVersions(boolean asBytes) throws Exception {
        try (HostedServer server = start(asBytes)) {
            put(server, "Organization", "o");

            String history = get(server, "/Organization/o/_history").body();

            assertThat(history)
                    .contains("\"type\":\"history\"", "\"total\":1", "\"etag\":\"W/\\\"1\\\"\"")
                    .doesNotContain("stub");
            assertThat(history.split("\"versionId\"", -1))
                    .as("that of the entry")
                    .hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void typesOfTheHost_areLeftAlone(boolean asBytes) throws Exception {
        RestfulServer host = HostedServer.host();
        host.registerProvider(new HostProvider());
        try (HostedServer server =
                HostedServer.start(asBytes ? HostedServer.withBytes(host) : HostedServer.withModels(host))) {
            HttpResponse<String> created = Http.write(
                    "POST",
                    URI.create(server.base() + "/Patient"),
                    "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Sent\"}]}");

            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(get(server, "/Patient/only").body()).contains("Sent");
            HttpResponse<String> refused = get(server, "/Patient/other");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.body()).contains("said by the host", "business-rule");
        }
    }

    @Test
    void consent_thatIsRefused_keepsResourcesBack() throws Exception {
        try (HostedServer server = HostedServer.start()) {
            server.hapi().registerInterceptor(Guards.consent());
            put(server, "Organization", "open");
            put(server, "Organization", Guards.SECRET);

            assertThat(get(server, "/Organization").body())
                    .contains("name of open")
                    .doesNotContain("name of secret");
            assertThat(get(server, "/Organization/open").body()).contains("name of open");
            HttpResponse<String> secret = get(server, "/Organization/secret");
            assertThat(secret.body()).isEmpty();
            assertThat(secret.headers().firstValue("ETag")).isEmpty();
            for (String path : List.of(
                    "/Organization/secret/_history/1",
                    "/Organization/_history",
                    "/Organization/secret?_elements=name",
                    "/Organization/secret?_format=xml")) {
                assertThat(get(server, path).body()).as(path).doesNotContain("name of secret");
            }
        }
    }

    @Test
    void rules_ofTheHost_seeWhatIsAnswered() throws Exception {
        try (HostedServer server = HostedServer.start()) {
            put(server, "Organization", "open");
            put(server, "Organization", Guards.SECRET);
            server.hapi().registerInterceptor(Guards.rules());

            assertThat(get(server, "/Organization/open").statusCode()).isEqualTo(200);
            assertThat(get(server, "/Organization/secret").statusCode()).isEqualTo(403);
            HttpResponse<String> page = get(server, "/Organization");
            assertThat(page.statusCode()).isEqualTo(403);
            assertThat(page.body()).doesNotContain("name of secret");
            assertThat(put(server, "Organization", "third"))
                    .as("the model of the body")
                    .isEqualTo(201);
            assertThat(put(server, "Device", "third")).isEqualTo(403);
        }
    }

    @Test
    void bytes_besideAnInterceptorThatLooks_areRefused() throws Exception {
        RestfulServer host = HostedServer.host();
        host.registerInterceptor(Guards.rules());
        assertThatThrownBy(() -> HostedServer.withBytes(host)).hasMessageContaining("Plugin.register");

        try (HostedServer server = start(true)) {
            put(server, "Organization", Guards.SECRET);
            server.hapi().registerInterceptor(new LoggingInterceptor());
            assertThat(get(server, "/Organization/secret").statusCode()).isEqualTo(200);

            server.hapi().registerInterceptor(Guards.consent());
            HttpResponse<String> refused = get(server, "/Organization/secret");
            assertThat(refused.statusCode()).isEqualTo(500);
            assertThat(refused.body()).contains("ConsentInterceptor").doesNotContain("name of secret");
        }
    }

    private static HostedServer start(boolean asBytes) throws Exception {
        RestfulServer host = HostedServer.host();
        return HostedServer.start(asBytes ? HostedServer.withBytes(host) : HostedServer.withModels(host));
    }

    private static int put(HostedServer server, String type, String id, String... headers) throws Exception {
        String name = type.equals("Organization") ? ",\"name\":\"name of " + id + "\",\"alias\":[\"alias\"]" : "";
        String json = "{\"resourceType\":\"" + type + "\",\"id\":\"" + id + "\"" + name + "}";
        return Http.write("PUT", URI.create(server.base() + "/" + type + "/" + id), json, headers)
                .statusCode();
    }

    private static HttpResponse<String> get(HostedServer server, String path, String... headers) throws Exception {
        return Http.send("GET", URI.create(server.base() + path), new byte[0], headers);
    }
}

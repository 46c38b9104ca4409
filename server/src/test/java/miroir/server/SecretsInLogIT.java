package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.server.oidc.TestIssuer;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server as shipped, with all that it has to say about itself in the log: whatever is done with secrets, none of them is there. */
@ExtendWith(MongoExtension.class)
final class SecretsInLogIT {
    private static final String JSON = "application/json";
    private static final String FHIR = "application/fhir+json";
    private static final Pattern LINK = Pattern.compile("code=(miroir_setup_[A-Za-z0-9_-]+)");

    private final Map<String, String> secrets = new LinkedHashMap<>();

    /** What is shipped, but that our own classes log everything. */
    private static Path configuration(Path folder, String issuers) throws Exception {
        Path conf =
                SearchFolder.in(Files.createDirectory(folder.resolve("conf"))).path();
        Path logs = conf.resolve("logback.xml");
        String verbose = Files.readString(logs)
                .replace("<root level=\"INFO\">", "<logger name=\"miroir\" level=\"TRACE\"/>\n  <root level=\"INFO\">");
        assertThat(verbose).contains("TRACE");
        Files.writeString(logs, verbose);
        Path server = conf.resolve("server.yaml");
        Files.writeString(server, Files.readString(server).replace("  issuers:\n", "  issuers: " + issuers + "\n"));
        return conf;
    }

    private String secret(String name, String text) {
        secrets.put(name, text);
        return text;
    }

    private void assertNoSecretIn(String log) {
        secrets.forEach((name, text) -> {
            assertThat(log).as(name).doesNotContain(text, URLEncoder.encode(text, StandardCharsets.UTF_8));
            String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            assertThat(log).as("%s in base64", name).doesNotContain(encoded.substring(0, encoded.length() - 4));
        });
    }

    @Test
    void secrets_ofAllKinds_areNotInTheLog(TestDatabase database, @TempDir Path folder) throws Exception {
        try (TestIssuer issuer = new TestIssuer()) {
            Path conf = configuration(folder, "[" + issuer.yaml("") + "]");
            Map<String, String> environment = Map.of("MIROIR_CONF", conf.toString(), "MIROIR_ACCESS", "token");
            Path log = folder.resolve("log");
            try (ServerProcess server = new ServerProcess(database, log, List::of, environment)) {
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> server.isReady() && link(log).find());
                Matcher link = link(log);
                assertThat(link.find()).isTrue();
                String session = setUp(server, link.group(1));
                String token = administer(server, session);
                ask(server, token, issuer.token("system/*.rs"));
                server.terminate();
                server.exitStatus();
            }
            String said = Files.readString(log);
            assertThat(said)
                    .as("what is logged at all")
                    .contains("\"interaction\":\"search-type\"", "\"status\":\"401\"", "\"level\":\"DEBUG\"");
            assertNoSecretIn(LINK.matcher(said).replaceFirst("the link that is printed on purpose"));
        }
    }

    private static Matcher link(Path log) throws Exception {
        return LINK.matcher(Files.readString(log));
    }

    private HttpResponse<String> send(
            ServerProcess server, String method, String path, String type, String body, String... headers)
            throws Exception {
        List<String> all = new ArrayList<>(List.of("Content-Type", type));
        all.addAll(List.of(headers));
        return Http.send(method, server.uri(path), body.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    /** Makes the first administrator by the page, and logs in; returns the token of the session. */
    private String setUp(ServerProcess server, String code) throws Exception {
        secret("set-up code", code);
        String password = secret("password", "pass-word-of-the-first");
        String other = secret("password that does not fit", "pass-word-that-is-other");
        String form = "application/x-www-form-urlencoded";
        send(server, "GET", "/admin/setup?code=" + code, form, "");
        send(
                server,
                "POST",
                "/admin/do/post/setup",
                form,
                "code=" + code + "&name=ada&password=" + password + "&again=" + other);
        send(server, "POST", "/admin/do/post/setup", form, "code=" + code + "&name=ada&again=%FF&password=" + password);
        HttpResponse<String> made = send(
                server,
                "POST",
                "/admin/do/post/setup",
                form,
                "code=" + code + "&name=ada&password=" + password + "&again=" + password);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(303);
        send(
                server,
                "POST",
                "/admin/do/post/setup",
                form,
                "code=" + code + "&name=bob&password=" + password + "&again=" + password);
        String wrong = secret("wrong password", "pass-word-that-is-wrong");
        assertThat(logIn(server, wrong).statusCode()).isEqualTo(401);
        return secret("session", value(logIn(server, password), "token"));
    }

    private HttpResponse<String> logIn(ServerProcess server, String password) throws Exception {
        String body = "{\"name\":\"ada\",\"password\":\"" + password + "\"}";
        return send(server, "POST", "/admin/api/session", JSON, body);
    }

    private static String value(HttpResponse<String> answer, String name) {
        assertThat(answer.statusCode() / 100).as(answer.body()).isEqualTo(2);
        return BsonDocument.parse(answer.body()).getString(name).getValue();
    }

    /** Bodies with passwords, right and wrong; returns the token of a consumer. */
    private String administer(ServerProcess server, String session) throws Exception {
        String[] as = {"Authorization", "Bearer " + session};
        String link = value(send(server, "POST", "/admin/api/setup-link", JSON, "", as), "link");
        secret("code of another link", link.substring(link.indexOf("code=") + 5));
        String password = secret("password of another", "pass-word-of-another");
        for (String body : List.of(
                "{\"role\":\"viewer\",\"password\":\"%s\"}",
                "{\"role\":\"king\",\"password\":\"%s\"}",
                "{\"role\":\"viewer\",\"password\":[\"%s\"]}",
                "{\"role\":\"viewer\",\"pass\":\"%s\"}",
                "{\"role\":\"viewer\",\"password\":%s}",
                "{\"role\":\"viewer\",\"password\":\"%s",
                "{\"%s\":1}",
                "%s")) {
            send(server, "PUT", "/admin/api/administrators/bob", JSON, body.formatted(password), as);
        }
        String next = secret("next password", "pass-word-of-tomorrow");
        send(
                server,
                "PUT",
                "/admin/api/session/password",
                JSON,
                "{\"old\":\"" + password + "\",\"new\":\"" + next + "\"}",
                as);
        send(server, "PUT", "/admin/api/consumers/shop", JSON, "{\"roles\":[\"everything\"]}", as);
        String tokens = "/admin/api/consumers/shop/tokens";
        String token = secret("token", value(send(server, "POST", tokens, JSON, "{\"label\":\"till\"}", as), "token"));
        send(server, "DELETE", "/admin/api/consumers/shop/tokens/" + token, JSON, "", as);
        send(server, "GET", "/admin/api/" + token, JSON, "", as);
        send(server, "GET", "/admin/api/audit?consumer=" + token, JSON, "", as);
        send(server, "PUT", "/admin/api/roles/" + token, JSON, "{\"permissions\":[\"" + token + "\"]}", as);
        return token;
    }

    /** Where tokens belong, and where they do not. */
    private void ask(ServerProcess server, String token, String jwt) throws Exception {
        secret("JWT", jwt);
        String wrong = secret("wrong token", "miroir_" + "w".repeat(43));
        String spoiled = secret("spoiled JWT", jwt.substring(0, jwt.length() - 8) + "AAAAAAAA");
        String basic = secret(
                "Basic", Base64.getEncoder().encodeToString("ada:pass-word-of-basic".getBytes(StandardCharsets.UTF_8)));
        assertThat(get(server, "/fhir/Practitioner", "Authorization", "Bearer " + jwt))
                .isEqualTo(200);
        assertThat(get(server, "/fhir/Practitioner", "ESANTE-API-KEY", token)).isEqualTo(200);
        for (String credentials : List.of("Bearer " + wrong, "Bearer " + spoiled, "Basic " + basic, token)) {
            assertThat(get(server, "/fhir/Practitioner", "Authorization", credentials))
                    .isEqualTo(401);
        }
        for (String text : List.of(token, jwt, wrong)) {
            for (String path : wrongPlaces(text)) {
                get(server, path, "Authorization", "Bearer " + token);
                get(server, path, "Authorization", "Bearer " + token, "X-Miroir-Trace", "1");
            }
            for (String header : List.of(
                    "Forwarded",
                    "X-Forwarded-For",
                    "X-Forwarded-Host",
                    "X-Forwarded-Proto",
                    "X-Forwarded-Prefix",
                    "Origin",
                    "Referer",
                    "Cookie",
                    "User-Agent",
                    "Accept",
                    "Accept-Language",
                    "If-None-Match",
                    "Prefer",
                    "X-Correlation-Id")) {
                get(server, "/fhir/Practitioner", header, text);
                get(server, "/fhir/Practitioner", header, "a=" + text, "Authorization", "Bearer " + token);
            }
            for (String body : wrongBodies(text)) {
                for (String path : List.of("/fhir", "/fhir/Practitioner", "/fhir/Practitioner/$validate")) {
                    send(server, "POST", path, FHIR, body, "Authorization", "Bearer " + token);
                }
                send(
                        server,
                        "PATCH",
                        "/fhir/Practitioner/p",
                        "application/json-patch+json",
                        body,
                        "Authorization",
                        "Bearer " + token);
            }
            send(server, "POST", "/fhir/Practitioner", text, "{}", "Authorization", "Bearer " + token);
            raw(server, "GET /fhir/Practitioner HTTP/1.1\r\nHost: " + text.substring(0, 40) + "\r\n\r\n");
            raw(server, text + " /fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\n\r\n");
            raw(
                    server,
                    "GET /fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + text + "\r\nX: "
                            + "x".repeat(20_000) + "\r\n\r\n");
            raw(
                    server,
                    "GET /fhir/Practitioner HTTP/1.1\r\nHost: localhost\r\nAuthorization Bearer " + text + "\r\n\r\n");
        }
    }

    private static List<String> wrongPlaces(String text) {
        return List.of(
                "/" + text,
                "/fhir/" + text,
                "/fhir/Practitioner/" + text,
                "/fhir/Practitioner/p/_history/" + text,
                "/fhir/Practitioner?access_token=" + text,
                "/fhir/Practitioner?esante-api-key=" + text,
                "/fhir/Practitioner?family=" + text,
                "/fhir/Practitioner?identifier=" + text + "&__explain=true",
                "/fhir/Practitioner?family=" + text + "&family=%FF",
                "/fhir/Practitioner?" + text + "=1",
                "/fhir/Practitioner?_format=" + text,
                "/fhir?_page=" + text,
                "/health/" + text,
                "/metrics?token=" + text,
                "/admin/setup?code=" + text);
    }

    private static List<String> wrongBodies(String text) {
        return List.of(
                text,
                "{\"resourceType\":\"" + text + "\"}",
                "{\"resourceType\":\"Practitioner\",\"" + text + "\":1}",
                "{\"resourceType\":\"Practitioner\",\"name\":[{\"family\":\"" + text + "\"}]}",
                "{\"resourceType\":\"Practitioner\",\"active\":\"" + text + "\"}",
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"request\":{\"method\":\"GET\",\"url\":\""
                        + text + "\"}}]}",
                "[{\"op\":\"" + text + "\",\"path\":\"/active\"}]");
    }

    private static int get(ServerProcess server, String path, String... headers) throws Exception {
        return Http.send("GET", server.uri(path), headers).statusCode();
    }

    private static void raw(ServerProcess server, String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
    }

    /** In each {@code %s} is the database's host and port. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mongodb://miroir:pass-word-of-the-database@%s/?authSource=admin&directConnection=true",
                "mongodb://miroir:pass-word-of-the-database@127.0.0.1:1/?directConnection=true",
                "mongodb://miroir:pass-word-of-the-database:and@more@%s/",
                "mongodb://miroir:pass-word-of-the-database@%s/?nonsense=1&authMechanism=NONE",
                "mongodb+srv://miroir:pass-word-of-the-database@%s/",
                "mongo://miroir:pass-word-of-the-database@%s/"
            })
    void passwordOfTheDatabase_isNotInTheLog_whateverIsWrong(String uri, TestDatabase database, @TempDir Path folder)
            throws Exception {
        secret("password of the database", "pass-word-of-the-database");
        Path conf = configuration(folder, "");
        Path log = folder.resolve("log");
        URI known = URI.create(database.uri());
        TestDatabase refused = new TestDatabase(uri.formatted(known.getAuthority()), database.name());
        Map<String, String> environment = Map.of("MIROIR_CONF", conf.toString());
        try (ServerProcess server = new ServerProcess(refused, log, List::of, environment)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> !server.isAlive() || answers(server));
            if (server.isAlive()) {
                get(server, "/fhir/Practitioner");
                get(server, "/health/ready");
                get(server, "/fhir/Practitioner", "Authorization", "Bearer miroir_wrong");
            }
        }

        assertThat(Files.readString(log)).as("something is said about it").isNotBlank();
        assertNoSecretIn(Files.readString(log));
    }

    /** Which it does without a database, too. */
    private static boolean answers(ServerProcess server) throws Exception {
        try {
            return get(server, "/health/live") == 200;
        } catch (IOException e) {
            return false;
        }
    }
}

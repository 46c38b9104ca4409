package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.server.TestServer;
import miroir.server.access.AdminClient;

/** A browser without scripts, with its cookies. */
final class ConsoleBrowser {
    static final String PASSWORD = "a long enough password";

    private final TestServer server;
    private final AdminClient local;
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    /** @param local makes those who log in */
    ConsoleBrowser(TestServer server, AdminClient local) {
        this.server = server;
        this.local = local;
    }

    HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.uri(path))
                        .header("Accept", "text/html")
                        .build(),
                BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, Map<String, String> form, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "text/html")
                .POST(BodyPublishers.ofString(form.entrySet().stream()
                        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    ConsoleBrowser loggedIn(String name, String role) throws Exception {
        local.done(
                "POST",
                "administrators",
                "{\"name\":\"" + name + "\",\"role\":\"" + role + "\",\"password\":\"" + PASSWORD + "\"}");
        return login(name);
    }

    /** Another session of the same. */
    ConsoleBrowser again(String name) throws Exception {
        return new ConsoleBrowser(server, local).login(name);
    }

    private ConsoleBrowser login(String name) throws Exception {
        HttpResponse<String> answer = post(
                "/admin/do/post/session",
                Map.of("name", name, "password", PASSWORD, "next", "/admin/consumers", "back", "/admin/login"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains(TestServer.path() + "/admin/consumers");
        return this;
    }

    String csrf() throws Exception {
        Matcher found = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{32})\"")
                .matcher(get("/admin/consumers").body());
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** A stream of events. */
    InputStream listen(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> stream = client.send(request.build(), BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).as(path).isEqualTo(200);
        assertThat(stream.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        return stream.body();
    }

    static BufferedReader lines(InputStream stream) {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** The next one that is more than a sign of life; empty at the end. */
    static String event(BufferedReader lines) throws Exception {
        StringBuilder event = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty() && event.indexOf("event: ") == 0) {
                return event.toString();
            }
            event.append(line.startsWith(":") || line.isEmpty() ? "" : line + "\n");
        }
        return event.toString();
    }

    /** All events until one has this in it. */
    static String until(BufferedReader lines, String text) throws Exception {
        StringBuilder all = new StringBuilder();
        while (all.indexOf(text) < 0) {
            String event = event(lines);
            assertThat(event).as("%s, after %s", text, all).isNotEmpty();
            all.append(event);
        }
        return all.toString();
    }
}

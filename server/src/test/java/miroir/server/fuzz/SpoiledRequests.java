package miroir.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.server.TestServer;

/** Whole requests to a server, spoiled anywhere. Whatever they are, no answer says that the server failed, and none shows its inside. */
final class SpoiledRequests {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 ([0-9]{3})");
    private static final Pattern INSIDE = Pattern.compile("\\tat |Exception|org\\.eclipse|ca\\.uhn|com\\.mongodb");

    /** What is not offered, what there is no time or room for, and versions of HTTP that nobody has. */
    private static final Set<Integer> HONEST = Set.of(501, 503, 505);

    private static final int PATIENCE_MILLIS = 60_000;

    private final int port;

    private SpoiledRequests(int port) {
        this.port = port;
    }

    static Reader to(TestServer server) {
        return new Reader(
                "requests", samples(), new SpoiledRequests(server.uri("/").getPort())::give);
    }

    private static List<byte[]> samples() {
        String practitioner =
                "{\"resourceType\":\"Practitioner\",\"id\":\"a\",\"active\":true,\"name\":[{\"family\":\"Dupont\"}]}";
        String bundle = "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"resource\":" + practitioner
                + ",\"request\":{\"method\":\"PUT\",\"url\":\"Practitioner/a\",\"ifMatch\":\"W/\\\"1\\\"\"}},"
                + "{\"request\":{\"method\":\"GET\",\"url\":\"Practitioner?family=dup\"}}]}";
        String token = "Authorization: Bearer " + TestServer.TOKEN + "\n";
        String json = token + "Content-Type: application/fhir+json\n";
        return Stream.of(
                        request(
                                "GET",
                                "/fhir/Practitioner/a/_history/1",
                                "If-None-Match: W/\"1\"\nAccept: application/fhir+xml\n",
                                ""),
                        request(
                                "GET",
                                "/fhir/Practitioner?family=dup&_sort=-_lastUpdated&_count=1&_format=json",
                                "",
                                ""),
                        request(
                                "GET",
                                "/fhir/Practitioner?_has:PractitionerRole:practitioner:role=a%7Cb&_include=*",
                                token,
                                ""),
                        request("GET", "/fhir/metadata?mode=full", "X-Request-Id: a\nX-Correlation-Id: b\n", ""),
                        request(
                                "GET",
                                "/fhir/Practitioner/_history?_since=2026-01-01T00:00:00Z",
                                "ESANTE-API-KEY: x\n",
                                ""),
                        request(
                                "GET",
                                "/fhir?_type=Practitioner,Organization&_page=AAAA",
                                "Forwarded: for=a;host=b\n",
                                ""),
                        request(
                                "POST",
                                "/fhir/Practitioner/_search?_elements=name",
                                token + "Content-Type: application/x-www-form-urlencoded\n",
                                "family=dup&_total=accurate"),
                        request("POST", "/fhir", json + "Prefer: return=minimal\n", bundle),
                        request("POST", "/fhir/Practitioner", json + "If-None-Exist: family=nobody\n", practitioner),
                        request("PUT", "/fhir/Practitioner/a", json + "If-Match: W/\"1\"\n", practitioner),
                        request(
                                "PATCH",
                                "/fhir/Practitioner/a",
                                token + "Content-Type: application/json-patch+json\n",
                                "[{\"op\":\"add\",\"path\":\"/name/0/given\",\"value\":[\"Anne\"]}]"),
                        request("DELETE", "/fhir/Practitioner?family=dup", token, ""),
                        request("POST", "/fhir/Practitioner/$validate", json, practitioner),
                        request("GET", "/admin/api/consumers", token, ""),
                        request("OPTIONS", "/fhir/Practitioner", "Origin: http://a\n", ""))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static String request(String method, String target, String headers, String body) {
        String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\n";
        return (method + " " + target + " HTTP/1.1\nHost: localhost\nConnection: close\n" + headers + length + "\n")
                        .replace("\n", "\r\n")
                + body;
    }

    private void give(byte[] request) throws IOException {
        String answer = answer(request);
        Matcher status = STATUS.matcher(answer);
        boolean refused = answer.isEmpty();
        while (status.find()) {
            int code = Integer.parseInt(status.group(1));
            assertThat(code < 500 || HONEST.contains(code)).as(answer).isTrue();
            refused |= code >= 400;
        }
        assertThat(INSIDE.matcher(answer).find()).as(answer).isFalse();
        if (refused) {
            throw new Refusal(Refusal.Reason.INVALID, "as it should be");
        }
    }

    /** Whoever says that nothing more comes need not wait until the server believes it. */
    private String answer(byte[] request) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            socket.shutdownOutput();
            socket.getInputStream().transferTo(answer);
        } catch (SocketException reset) {
            // A connection that is reset takes what was not read yet with it.
        }
        return answer.toString(StandardCharsets.ISO_8859_1);
    }
}

package miroir.server.access;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import miroir.server.Http;
import miroir.server.TestServer;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Asks {@code /admin/api} with a token. */
public record AdminClient(TestServer server, String token) {

    public static AdminClient local(TestServer server) {
        return new AdminClient(server, TestServer.TOKEN);
    }

    public HttpResponse<String> send(String method, String path, String json, String... headers) throws Exception {
        String[] all = Arrays.copyOf(headers, headers.length + 4);
        all[headers.length] = "Authorization";
        all[headers.length + 1] = "Bearer " + token;
        all[headers.length + 2] = "Content-Type";
        all[headers.length + 3] = "application/json";
        return Http.send(method, server.uri("/admin/api/" + path), json.getBytes(StandardCharsets.UTF_8), all);
    }

    public HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    /** Sends, and returns what was answered if that was a success. */
    public BsonDocument done(String method, String path, String json, String... headers) throws Exception {
        HttpResponse<String> response = send(method, path, json, headers);
        if (response.statusCode() / 100 != 2) {
            throw new AssertionError(method + " " + path + ": " + response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty() ? new BsonDocument() : BsonDocument.parse(response.body());
    }

    /** Removes it as it is now. */
    public void remove(String path) throws Exception {
        done(
                "DELETE",
                path,
                "",
                "If-Match",
                get(path).headers().firstValue("ETag").orElseThrow());
    }

    /** Replaces it as it is now. */
    public void change(String path, String json) throws Exception {
        done(
                "PUT",
                path,
                json,
                "If-Match",
                get(path).headers().firstValue("ETag").orElseThrow());
    }

    /** Makes a role, and a consumer that has it; returns the text of a token. */
    public String consumer(String name, String... permissions) throws Exception {
        String all = Arrays.stream(permissions)
                .map(permission -> "\"" + permission + "\"")
                .collect(Collectors.joining(",", "{\"permissions\":[", "]}"));
        done("PUT", "roles/" + name, all);
        done("PUT", "consumers/" + name, "{\"roles\":[\"" + name + "\"]}");
        return token(name);
    }

    /** Makes an administrator, who logs in; returns the text of the session's token. */
    public String session(String name) throws Exception {
        String password = "\"password\":\"correct horse battery\"}";
        done("PUT", "administrators/" + name, "{\"role\":\"administrator\"," + password);
        return done("POST", "session", "{\"name\":\"" + name + "\"," + password)
                .getString("token")
                .getValue();
    }

    /** A token that works until then. */
    public String token(String consumer, Instant until) throws Exception {
        return done("POST", "consumers/" + consumer + "/tokens", "{\"label\":\"test\",\"expires\":\"" + until + "\"}")
                .getString("token")
                .getValue();
    }

    /** Revokes all tokens of a consumer. */
    public void revokeAll(String consumer) throws Exception {
        for (BsonValue token : done("GET", "consumers/" + consumer, "").getArray("tokens")) {
            String id = token.asDocument().getString("id").getValue();
            done("DELETE", "consumers/" + consumer + "/tokens/" + id, "");
        }
    }

    String token(String consumer) throws Exception {
        return done("POST", "consumers/" + consumer + "/tokens", "{\"label\":\"test\"}")
                .getString("token")
                .getValue();
    }
}

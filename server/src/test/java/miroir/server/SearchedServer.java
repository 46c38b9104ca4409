package miroir.server;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a server that may change what it searches is asked. */
record SearchedServer(Function<String, URI> address) {
    private static final Pattern ID = Pattern.compile("\"fullUrl\":\"[^\"]*/Organization/([^\"]+)\"");
    private static final Pattern NEXT = Pattern.compile("\"relation\":\"next\",\"url\":\"([^\"]+)\"");

    /** An answer to a search of organizations. */
    record Found(int status, Set<String> ids, String body) {
        String next() {
            Matcher link = NEXT.matcher(body);
            if (!link.find()) {
                throw new AssertionError("no link to a next page in " + body);
            }
            return link.group(1);
        }
    }

    HttpResponse<String> get(String path, String... headers) throws Exception {
        return Http.send("GET", address.apply(path), headers);
    }

    HttpResponse<String> write(String method, String path, String json, String... headers) throws Exception {
        return Http.write(method, address.apply(path), json, headers);
    }

    /** All that is found. */
    Found search(String query) throws Exception {
        return found(get("/fhir/Organization?_count=1000&" + query));
    }

    /** The first of many pages. */
    Found page(String query) throws Exception {
        return found(get("/fhir/Organization?_count=1&" + query));
    }

    static Found follow(String url) throws Exception {
        return found(Http.send("GET", URI.create(url)));
    }

    private static Found found(HttpResponse<String> answer) {
        Set<String> ids = new TreeSet<>();
        Matcher id = ID.matcher(answer.body());
        while (id.find()) {
            ids.add(id.group(1));
        }
        return new Found(answer.statusCode(), ids, answer.body());
    }

    boolean isReady() {
        try {
            return get("/health/ready").statusCode() == 200;
        } catch (Exception e) {
            return false;
        }
    }
}

package miroir.simulator.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Asks a simulator over a real socket. */
final class Client {
    private final HttpClient http = HttpClient.newHttpClient();
    private final Simulator simulator;

    Client(Simulator simulator) {
        this.simulator = simulator;
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(simulator.base() + path)));
    }

    HttpResponse<String> control(String method, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(simulator.controls() + path))
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    BsonDocument bundle(String path) throws IOException, InterruptedException {
        return BsonDocument.parse(get(path).body());
    }

    /** All resources of a search, page after page. */
    List<BsonDocument> all(String path) throws IOException, InterruptedException {
        List<BsonDocument> resources = new ArrayList<>();
        Optional<String> next = Optional.of(simulator.base() + path);
        while (next.isPresent()) {
            BsonDocument bundle = BsonDocument.parse(
                    send(HttpRequest.newBuilder(URI.create(next.get()))).body());
            resources.addAll(resources(bundle));
            next = link(bundle, "next");
        }
        return resources;
    }

    static List<BsonDocument> resources(BsonDocument bundle) {
        return bundle.getArray("entry").stream()
                .map(entry -> entry.asDocument().getDocument("resource"))
                .toList();
    }

    static List<String> ids(List<BsonDocument> resources) {
        return resources.stream()
                .map(resource -> resource.getString("id").getValue())
                .toList();
    }

    static Optional<String> link(BsonDocument bundle, String relation) {
        return bundle.getArray("link").stream()
                .map(BsonValue::asDocument)
                .filter(link -> link.getString("relation").getValue().equals(relation))
                .map(link -> link.getString("url").getValue())
                .findFirst();
    }
}

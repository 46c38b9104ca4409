package miroir.benchmarks;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import miroir.index.store.SearchMade;
import miroir.server.MiroirServer;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.FhirParts;
import miroir.server.paging.PageTokens;
import org.bson.RawBsonDocument;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** One of the servers that are compared: prints its port and runs until it is killed. */
public final class ServedMain {
    private static final int THREADS = 200;

    private ServedMain() {}

    public static void main(String[] arguments) throws Exception {
        Map<String, String> environment = System.getenv();
        String uri = environment.getOrDefault("MONGODB_URI", "mongodb://localhost");
        String database = environment.getOrDefault("MIROIR_DATABASE", "bench");
        Way way = Way.of(arguments[0]);
        int port = way == Way.BARE ? bare(uri, database) : miroir(uri, database, way == Way.ORDINARY);
        System.out.println("port " + port);
        Thread.currentThread().join();
    }

    private static int miroir(String uri, String name, boolean ordinary) throws Exception {
        Database database = Database.open(uri, name);
        database.awaitReady();
        ServerConfiguration configuration =
                ServerConfiguration.read("benchmark", "listen:\n  port: 0\naccess:\n  writable: true\n", key -> null);
        PageTokens tokens = new PageTokens(
                () -> database.store().sharedSecret("page-links"), Duration.ofHours(1), InstantSource.system());
        SearchMade made = SearchMade.of(
                database.registry(), database.fields(), configuration.fhir().zone(), Set.of());
        FhirParts parts = new FhirParts(database.store(), made, tokens);
        return MiroirServer.start(configuration, parts, null, ordinary).port();
    }

    private static int bare(String uri, String name) throws Exception {
        MongoClient client = MongoClients.create(uri);
        Server jetty = new Server(new QueuedThreadPool(THREADS));
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler servlets = new ServletContextHandler("/", false, false);
        servlets.addServlet(
                new ServletHolder(
                        new BareServlet(client.getDatabase(name).getCollection(Database.TYPE, RawBsonDocument.class))),
                "/fhir/*");
        jetty.setHandler(servlets);
        jetty.start();
        return connector.getLocalPort();
    }
}

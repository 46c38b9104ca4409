package miroir.benchmarks.operations;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.util.List;
import java.util.Map;
import miroir.benchmarks.Database;
import miroir.benchmarks.ServeDatabase;
import miroir.benchmarks.questions.Somebody;
import miroir.index.SearchParameterRegistry;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.structure.ServedTypes;
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
        int port = arguments[0].equals(Way.BARE.code())
                ? bare(uri, database, OperationsBenchmark.people(Integer.parseInt(arguments[1])))
                : ServeDatabase.start(Database.open(uri, database), "", arguments[0].equals(Way.ORDINARY.code()))
                        .port();
        System.out.println("port " + port);
        Thread.currentThread().join();
    }

    private static int bare(String uri, String name, List<Somebody> people) throws Exception {
        MongoClient client = MongoClients.create(uri);
        SearchParameterRegistry registry =
                RegistryLoader.load(ServedTypes.of(ServedTypes.DIRECTORY), ShippedSearch.files());
        Server jetty = new Server(new QueuedThreadPool(THREADS));
        ServerConnector connector = new ServerConnector(jetty);
        connector.setHost("127.0.0.1");
        jetty.addConnector(connector);
        ServletContextHandler servlets = new ServletContextHandler("/", false, false);
        servlets.addServlet(
                new ServletHolder(new BareServlet(new ByDriver(client.getDatabase(name), registry), people)),
                "/fhir/*");
        jetty.setHandler(servlets);
        jetty.start();
        return connector.getLocalPort();
    }
}

package miroir.sql.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.sql.table.Table;
import miroir.storage.FillDatabase;
import miroir.storage.MongoResourceStore;
import miroir.storage.MovedVersion;
import miroir.storage.OpenedStore;
import miroir.storage.testing.TestDatabase;
import miroir.storage.views.StoredViews;
import org.bson.RawBsonDocument;

/** A store with practitioners and organizations, and views of them. */
public final class Directory implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final AtomicLong DATABASES = new AtomicLong();

    /** A row for each practitioner, with a cell of each kind. */
    public static final String PERSON = """
            {"resourceType": "ViewDefinition", "id": "person", "name": "person", "status": "active", "resource": "Practitioner",
             "description": "It's one \\\\ row for each",
             "select": [{"column": [
               {"name": "key", "path": "getResourceKey()", "description": "What is joined"},
               {"name": "family", "path": "name.first().family"},
               {"name": "given", "path": "name.given", "collection": true},
               {"name": "active", "path": "active"},
               {"name": "born", "path": "birthDate"},
               {"name": "updated", "path": "meta.lastUpdated", "type": "instant"},
               {"name": "weight", "path": "extension('urn:weight').value.ofType(decimal).first()", "type": "decimal"},
               {"name": "resource", "path": "$this", "tag": [{"name": "ansi/type", "value": "JSON"}]}]}]}""";

    /** One for each given name. */
    public static final String GIVEN = """
            {"resourceType": "ViewDefinition", "id": "given", "name": "given", "status": "active", "resource": "Practitioner",
             "select": [{"forEach": "name.given", "column": [{"name": "given", "path": "$this"}, {"name": "place", "path": "%rowIndex", "type": "integer"}]}]}""";

    /** One for each organization that is active. */
    public static final String PLACE = """
            {"resourceType": "ViewDefinition", "id": "place", "name": "Place", "status": "active", "resource": "Organization",
             "where": [{"path": "active = true"}],
             "select": [{"column": [{"name": "Name", "path": "name"}, {"name": "order", "path": "address.first().city"}]}]}""";

    private final Map<String, String> environment;
    private final OpenedStore opened;
    private final Path views;

    private Directory(Map<String, String> environment, Path views) throws InterruptedException {
        this.environment = environment;
        this.views = views;
        this.opened = OpenedStore.open(environment).awaitReady();
    }

    /** An empty one, whose views are in a folder. */
    public static Directory open(TestDatabase database, Path folder) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("MONGODB_URI", database.uri());
        environment.put("MIROIR_DATABASE", database.name() + "_" + DATABASES.incrementAndGet());
        environment.put("MIROIR_TYPES", "Practitioner,Organization");
        environment.put("MIROIR_SEARCH_CONF", ROOT.resolve("conf/search").toString());
        Path views = Files.createDirectories(folder.resolve("views"));
        environment.put("MIROIR_VIEWS", views.toString());
        environment.put("MIROIR_SQL_FOLDER", folder.resolve("sql").toString());
        Directory directory = new Directory(environment, views);
        directory.view("person", PERSON);
        directory.view("given", GIVEN);
        directory.view("place", PLACE);
        return directory;
    }

    /** That of programs that copy it. */
    public Map<String, String> environment() {
        return environment;
    }

    public MongoResourceStore store() {
        return opened.store();
    }

    public void view(String id, String json) throws IOException {
        Files.writeString(views.resolve(id + ".json"), json);
    }

    public void removeView(String id) throws IOException {
        Files.delete(views.resolve(id + ".json"));
    }

    public List<Table> tables() {
        try {
            return Table.all(
                    StoredViews.read(views, Set.of(), Set.of("Practitioner", "Organization"))
                            .all(),
                    Set.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void practitioner(String id, String family, String more) {
        put("Practitioner", id, "\"name\": [{\"family\": \"" + family + "\"" + more + "}]");
    }

    /** Whatever is between the braces, after type and id. */
    public void put(String type, String id, String elements) {
        RawBsonDocument resource =
                RawBsonDocument.parse("{\"resourceType\": \"" + type + "\", \"id\": \"" + id + "\", " + elements + "}");
        again(() -> store().put(Caller.everyone(), new ResourceKey(type, id), resource, Precondition.none()));
    }

    public void delete(String type, String id) {
        again(() -> store().delete(Caller.everyone(), new ResourceKey(type, id), Precondition.none()));
    }

    public void erase(String type, String id) {
        again(() -> store().erase(Caller.everyone(), new ResourceKey(type, id)));
    }

    /** What was erased cannot be written again, and what the database cannot do at the moment is done a little later. */
    private static void again(Runnable write) {
        while (true) {
            try {
                write.run();
                return;
            } catch (Refusal e) {
                if (e.reason() == Refusal.Reason.DELETED || e.reason() == Refusal.Reason.CONFLICT) {
                    return;
                }
                if (e.reason() != Refusal.Reason.NOT_READY) {
                    throw e;
                }
            }
        }
    }

    /** The same database, which nobody wrote to, with what an import brought of a practitioner; this one is closed. */
    public Directory imported(String id, String family, Instant asOf) throws InterruptedException {
        opened.close();
        RawBsonDocument fhir = RawBsonDocument.parse("{\"resourceType\": \"Practitioner\", \"id\": \"" + id
                + "\", \"meta\": {\"versionId\": \"1\", \"lastUpdated\": \"" + asOf + "\"}, \"name\": [{\"family\": \""
                + family + "\"}]}");
        MovedVersion version = new MovedVersion(id, 1, asOf, null, 1, null, null, null, null, false, fhir);
        try (FillDatabase fill = OpenedStore.fill(environment, "an export", new Silent())) {
            fill.begin(Set.of("Practitioner"), asOf);
            fill.versions("Practitioner", List.of(version));
            fill.end(List.of(new FillDatabase.Expected("Practitioner", 1, 1, 0)), asOf);
        }
        return new Directory(environment, views);
    }

    private static final class Silent implements FillDatabase.Watch {
        @Override
        public void say(String line) {}

        @Override
        public void requireGoing() {}
    }

    @Override
    public void close() {
        opened.close();
    }
}

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Organization;

/**
 * A client of Miroir with the HAPI library: creates, reads, updates, searches, pages and deletes an organization,
 * looks back at its versions, and says what happens on the way. With a server running, from the root of the project:
 *
 * <pre>
 * mvn -q -f examples package
 * java -cp 'examples/target/lib/*' examples/DirectoryClient.java http://127.0.0.1:8080/fhir TOKEN
 * </pre>
 *
 * TOKEN is the write token that {@code ./miroir start} prints. The program ends with an error at the first answer that
 * is not the expected one; what it created it deletes.
 */
public final class DirectoryClient {
    private static final int BRANCHES = 5;

    private final IGenericClient fhir;
    // Its own name for each run, so that a search finds what this run created and nothing else.
    private final String name = "Exemple " + UUID.randomUUID();
    private final List<IIdType> created = new ArrayList<>();

    private DirectoryClient(String base, String token) {
        fhir = FhirContext.forR4().newRestfulGenericClient(base);
        fhir.registerInterceptor(new BearerTokenAuthInterceptor(token));
    }

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("expected BASE TOKEN, like http://127.0.0.1:8080/fhir miroir_…");
            System.exit(2);
        }
        new DirectoryClient(arguments[0], arguments[1]).run();
    }

    private void run() {
        IIdType id = create(name);
        try {
            Organization stored = read(id);
            update(stored);
            updateWithOldVersion(stored);
            search();
            page();
        } finally {
            deleteAll();
        }
        readDeleted(id);
        readVersion(id);
        history(id);
        say("Done: everything answered as it should.");
    }

    private IIdType create(String called) {
        Organization organization = new Organization();
        organization.setName(called).setActive(true);
        organization.addIdentifier().setSystem("https://example.org/branches").setValue(called);
        MethodOutcome outcome = fhir.create().resource(organization).execute();
        IIdType id = outcome.getId().toUnqualifiedVersionless();
        created.add(id);
        say("create   POST /Organization gave it the id %s, version %s", id.getIdPart(), outcome.getId().getVersionIdPart());
        return id;
    }

    private Organization read(IIdType id) {
        Organization found = fhir.read().resource(Organization.class).withId(id).execute();
        expect(name.equals(found.getName()), "the name that was written, not " + found.getName());
        say("read     GET /%s answers version %s of %s", id, version(found), found.getMeta().getLastUpdated());
        return found;
    }

    /** If-Match makes the update conditional on nobody having written in between. */
    private void update(Organization stored) {
        Organization changed = stored.copy().addAlias("autre nom");
        changed.setId(stored.getIdElement().toUnqualifiedVersionless());
        MethodOutcome outcome = fhir.update()
                .resource(changed)
                .withAdditionalHeader("If-Match", "W/\"" + version(stored) + "\"")
                .execute();
        String now = outcome.getId().getVersionIdPart();
        expect(!version(stored).equals(now), "a new version after an update");
        say("update   PUT with If-Match: W/\"%s\" made version %s", version(stored), now);
    }

    private void updateWithOldVersion(Organization old) {
        Organization late = old.copy();
        late.setId(old.getIdElement().toUnqualifiedVersionless());
        late.setActive(false);
        try {
            fhir.update()
                    .resource(late)
                    .withAdditionalHeader("If-Match", "W/\"" + version(old) + "\"")
                    .execute();
        } catch (PreconditionFailedException e) {
            say("update   PUT with If-Match of the old version is refused: 412, nothing was overwritten");
            return;
        }
        throw new IllegalStateException("expected 412 for an update of an old version");
    }

    private void search() {
        Bundle found = fhir.search()
                .forResource(Organization.class)
                .where(Organization.IDENTIFIER.exactly().systemAndCode("https://example.org/branches", name))
                .returnBundle(Bundle.class)
                .execute();
        expect(found.getEntry().size() == 1, "one organization with that identifier, not " + found.getEntry().size());
        say("search   GET /Organization?identifier=… finds it");
    }

    /** A next link carries everything that the next page needs; a client follows it and never builds one. */
    private void page() {
        for (int branch = 1; branch <= BRANCHES; branch++) {
            create(name + " agence " + branch);
        }
        Bundle page = fhir.search()
                .forResource(Organization.class)
                .where(Organization.NAME.matches().value(name))
                .count(2)
                .returnBundle(Bundle.class)
                .execute();
        TreeSet<String> seen = new TreeSet<>();
        int pages = 0;
        while (page != null) {
            pages++;
            page.getEntry().forEach(entry -> seen.add(entry.getResource().getIdElement().getIdPart()));
            page = page.getLink(Bundle.LINK_NEXT) == null
                    ? null
                    : fhir.loadPage().next(page).execute();
        }
        expect(seen.size() == BRANCHES + 1, (BRANCHES + 1) + " organizations over all pages, not " + seen.size());
        say("page     %d organizations by next links, 2 at a time, on %d pages", seen.size(), pages);
    }

    private void deleteAll() {
        created.forEach(id -> fhir.delete().resourceById(id).execute());
        say("delete   DELETE of %d organizations", created.size());
    }

    private void readDeleted(IIdType id) {
        try {
            fhir.read().resource(Organization.class).withId(id).execute();
        } catch (ResourceGoneException e) {
            say("read     GET /%s answers 410: it was there and is deleted", id);
            return;
        }
        throw new IllegalStateException("expected 410 for a deleted organization");
    }

    /** What was deleted can still be read in each of its versions. */
    private void readVersion(IIdType id) {
        Organization first = fhir.read()
                .resource(Organization.class)
                .withIdAndVersion(id.getIdPart(), "1")
                .execute();
        expect(first.getAlias().isEmpty(), "the first version without the alias that the update added");
        say("vread    GET /%s/_history/1 answers what was created", id);
    }

    private void history(IIdType id) {
        Bundle history = fhir.history().onInstance(id).returnBundle(Bundle.class).execute();
        List<String> methods = history.getEntry().stream()
                .map(entry -> entry.getRequest().getMethod().toCode())
                .toList();
        expect(methods.equals(List.of("DELETE", "PUT", "POST")), "a deletion, an update and a creation, not " + methods);
        say("history  GET /%s/_history lists %s", id, methods);
    }

    private static String version(Organization organization) {
        return organization.getMeta().getVersionId();
    }

    private static void expect(boolean answer, String what) {
        if (!answer) {
            throw new IllegalStateException("expected " + what);
        }
    }

    private static void say(String sentence, Object... values) {
        System.out.println(String.format(sentence, values));
    }
}

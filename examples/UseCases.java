import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.gclient.IQuery;
import ca.uhn.fhir.rest.gclient.StringClientParam;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.instance.model.api.IBaseBundle;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.PrimitiveType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;

/**
 * What people do with the directory, with HAPI's generic client: the cases of {@code use_cases.py}, in Java. With a server running, from the root of the project:
 *
 * <pre>
 * mvn -q -f examples package
 * java -cp 'examples/target/lib/*' examples/UseCases.java BASE CASE…
 * </pre>
 *
 * BASE is like http://127.0.0.1:8080/fhir; a token is taken from MIROIR_TOKEN. Several cases in one run have a comma between them.
 */
public final class UseCases {
    private static final String CASES = """
            full TYPE FILE                 all of a type, page after page, as NDJSON; and FILE.since, up to when that is
            delta TYPE FILE                what has changed since then, deletions too, brought into the file
            roles RPPS                     where somebody works: a practitioner, the roles, the places, in one call
            department CODE [PROFESSION]   who practises in a department
            mailboxes CODE                 MSSanté mailboxes of a department, with owners
            segur NAME                     the list of the Ségur specifications: who somebody is, and where to write to
            """;

    private static final int PAGE = 200;
    private static final int PEOPLE = 50;
    private static final String MAILBOX = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-mailbox-mss-metadata";

    private final String base;
    private final IGenericClient fhir;
    private final IParser json;
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private UseCases(String base, String token) {
        this.base = base;
        FhirContext context = FhirContext.forR4();
        // Else the client asks for /metadata before anything else.
        context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        context.getRestfulClientFactory().setSocketTimeout(60_000);
        this.fhir = context.newRestfulGenericClient(base);
        this.json = context.newJsonParser();
        if (token != null) {
            fhir.registerInterceptor(new BearerTokenAuthInterceptor(token));
        }
    }

    public static void main(String[] arguments) {
        if (arguments.length < 3) {
            refuse("expected BASE CASE…, like http://127.0.0.1:8080/fhir segur dupont");
        }
        UseCases cases = new UseCases(arguments[0].replaceAll("/+$", ""), System.getenv("MIROIR_TOKEN"));
        List<String> words = new ArrayList<>();
        for (String word : Stream.concat(Arrays.stream(arguments).skip(1), Stream.of(",")).toList()) {
            if (!word.equals(",")) {
                words.add(word);
            } else {
                cases.runOrEnd(words);
                words.clear();
            }
        }
    }

    private static void refuse(String why) {
        System.err.println(why + "\n" + CASES);
        System.exit(2);
    }

    /** What the server says against it ends the program, and so does a file that cannot be read or written. */
    private void runOrEnd(List<String> words) {
        try {
            run(words);
        } catch (BaseServerResponseException refused) {
            end(words, said(refused));
        } catch (UncheckedIOException failed) {
            end(words, String.valueOf(failed.getCause()));
        } catch (IOException | IllegalStateException failed) {
            end(words, failed.toString());
        }
    }

    private static void end(List<String> words, String why) {
        System.err.println(String.join(" ", words) + ": " + why);
        System.exit(1);
    }

    /** What the server sent; where nobody answered, what the client found, like a connection that was refused. */
    private static String said(BaseServerResponseException refused) {
        String body = refused.getResponseBody();
        return body == null || body.isBlank() ? refused.getMessage() : refused.getStatusCode() + " " + body;
    }

    private void run(List<String> words) throws IOException {
        switch (words.size() + " " + (words.isEmpty() ? "" : words.get(0))) {
            case "3 full" -> full(words.get(1), Path.of(words.get(2)));
            case "3 delta" -> delta(words.get(1), Path.of(words.get(2)));
            case "2 roles" -> roles(words.get(1));
            case "2 department" -> department(words.get(1), Map.of());
            case "3 department" -> department(words.get(1), Map.of("profession", words.get(2)));
            case "2 mailboxes" -> mailboxes(words.get(1));
            case "2 segur" -> segur(words.get(1));
            default -> refuse("no such case: " + String.join(" ", words));
        }
    }

    // --- a copy, and what has changed since

    private void full(String type, Path file) throws IOException {
        // Up to when all of it is: what changes from now on is in the history behind this instant.
        String since = asAt(page(base + "/" + type + "/_history?_count=1"));
        int[] count = {0};
        replace(file, lines -> pages(fhir.search().forResource(type).count(PAGE), page -> page.getEntry().stream()
                .map(BundleEntryComponent::getResource)
                .filter(resource -> resource.fhirType().equals(type))
                .forEach(resource -> {
                    lines.accept(json.encodeResourceToString(resource));
                    count[0]++;
                })));
        replace(since(file), lines -> lines.accept(since));
        out.printf("%d %s as at %s%n", count[0], type, since);
    }

    /** The history in the order of commits, so that what comes later is newer; what is deleted has no resource. */
    private void delta(String type, Path file) throws IOException {
        String since = Files.readString(since(file)).strip();
        Map<String, Resource> newest = new LinkedHashMap<>();
        String[] until = {since};
        Bundle first = page(base + "/" + type + "/_history?_since=" + since + "&_sort=_lastUpdated&_count=" + PAGE);
        follow(first, page -> {
            until[0] = asAt(page);
            page.getEntry().forEach(entry -> newest.put(id(entry), entry.getResource()));
        });
        List<Resource> changed = newest.values().stream().filter(resource -> resource != null).toList();
        replace(file, lines -> {
            for (String line : lines(file)) {
                if (!newest.containsKey(json.parseResource(line).getIdElement().getIdPart())) {
                    lines.accept(line);
                }
            }
            changed.forEach(resource -> lines.accept(json.encodeResourceToString(resource)));
        });
        replace(since(file), lines -> lines.accept(until[0]));
        out.printf("%d changed, %d deleted since %s%n", changed.size(), newest.size() - changed.size(), since);
    }

    private static String id(BundleEntryComponent entry) {
        return entry.getFullUrl().substring(entry.getFullUrl().lastIndexOf('/') + 1);
    }

    private static String asAt(Bundle page) {
        return page.getMeta().getLastUpdatedElement().getValueAsString();
    }

    private static Path since(Path file) {
        return Path.of(file + ".since");
    }

    private interface Write {
        void to(Consumer<String> lines) throws IOException;
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.readAllLines(file);
    }

    /** What was there stays until all that is new is. */
    private static void replace(Path file, Write write) throws IOException {
        Path next = Path.of(file + ".new");
        try (BufferedWriter writer = Files.newBufferedWriter(next)) {
            write.to(line -> {
                try {
                    writer.write(line + "\n");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
    }

    // --- who works where

    /** A role, whose it is and where, in one answer. */
    private void roles(String rpps) {
        Bundle page = fhir.search()
                .forResource(PractitionerRole.class)
                .where(PractitionerRole.PRACTITIONER.hasChainedProperty(
                        Practitioner.IDENTIFIER.exactly().identifier(rpps)))
                .include(PractitionerRole.INCLUDE_PRACTITIONER)
                .include(PractitionerRole.INCLUDE_ORGANIZATION)
                .returnBundle(Bundle.class)
                .execute();
        Known known = new Known(page);
        for (PractitionerRole role : known.all(PractitionerRole.class)) {
            say(known.practitioner(role), known.organization(role));
        }
    }

    private void department(String code, Map<String, String> profession) {
        Map<String, String> asked = new HashMap<>(profession);
        asked.put("department", code);
        people(asked, (who, role, where) -> {
            // Of somebody who is found all places are there, those elsewhere as well. Of 2A and 2B postal codes begin with 20.
            if (text(address(where).getPostalCode()).startsWith(code.replaceFirst("2[AB]", "20"))) {
                say(who, where);
            }
        });
    }

    private void segur(String name) {
        out.println("rpps,surname,given,profession,specialty,company,street,postalcode,town,mailbox");
        people(Map.of("name", name), (who, role, where) -> {
            Address address = address(where);
            out.println(Stream.of(
                            rpps(who),
                            text(who.getNameFirstRep().getFamily()),
                            given(who),
                            coded(who, "TRE-G15", "TRE_G15"),
                            coded(who, "R38", "R40"),
                            text(where.getName()),
                            street(address),
                            text(address.getPostalCode()),
                            text(address.getCity()),
                            secure(Stream.of(who.getTelecom(), role.getTelecom(), where.getTelecom())))
                    .map(UseCases::cell)
                    .collect(Collectors.joining(",")));
        });
    }

    private interface Found {
        void tell(Practitioner who, PractitionerRole role, Organization where);
    }

    /** Each of those who are found, with one of their places after the other; roles and places come with the page. */
    private void people(Map<String, String> asked, Found found) {
        Parameters parameters = new Parameters();
        asked.forEach((name, value) -> parameters.addParameter(name, new StringType(value)));
        parameters.addParameter("_display", new StringType("true"));
        parameters.addParameter("_count", new StringType(String.valueOf(PEOPLE)));
        Bundle first = fhir.operation()
                .onServer()
                .named("$directory-search")
                .withParameters(parameters)
                .useHttpGet()
                .returnResourceType(Bundle.class)
                .execute();
        follow(first, page -> tell(new Known(page), found));
    }

    private static void tell(Known known, Found found) {
        for (Practitioner who : known.all(Practitioner.class)) {
            List<PractitionerRole> roles = known.all(PractitionerRole.class).stream()
                    .filter(role -> known.practitioner(role) == who)
                    .toList();
            roles.forEach(role -> found.tell(who, role, known.organization(role)));
            if (roles.isEmpty()) {
                found.tell(who, new PractitionerRole(), new Organization());
            }
        }
    }

    // --- mailboxes

    /** Those of organizations, and those of roles in them; with whose they are, a page at a time. */
    private void mailboxes(String department) {
        out.println("mailbox;kind;owner;place");
        StringClientParam mailbox = new StringClientParam("mailbox-mss");
        String postalCodes = department.replaceFirst("2[AB]", "20");
        pages(
                fhir.search()
                        .forResource(Organization.class)
                        .where(mailbox.isMissing(false))
                        .and(Organization.ADDRESS_POSTALCODE.matches().value(postalCodes))
                        .count(PAGE),
                page -> new Known(page).all(Organization.class)
                        .forEach(owner -> say(owner.getTelecom(), owner.getName(), owner)));
        pages(
                fhir.search()
                        .forResource(PractitionerRole.class)
                        .where(mailbox.isMissing(false))
                        .and(PractitionerRole.ORGANIZATION.hasChainedProperty(
                                Organization.ADDRESS_POSTALCODE.matches().value(postalCodes)))
                        .include(PractitionerRole.INCLUDE_PRACTITIONER)
                        .include(PractitionerRole.INCLUDE_ORGANIZATION)
                        .count(PAGE),
                page -> {
                    Known known = new Known(page);
                    known.all(PractitionerRole.class).forEach(role -> say(
                            role.getTelecom(), called(known.practitioner(role)), known.organization(role)));
                });
    }

    private void say(List<ContactPoint> telecom, String owner, Organization place) {
        for (ContactPoint each : telecom) {
            Extension metadata = each.getExtensionByUrl(MAILBOX);
            if (metadata != null) {
                out.println(String.join(
                        ";", each.getValue(), kind(metadata), text(owner), text(place.getName())));
            }
        }
    }

    private static String kind(Extension metadata) {
        Extension type = metadata.getExtensionByUrl("type");
        Type value = type == null ? null : type.getValue();
        return value instanceof Coding coding
                ? text(coding.getCode())
                : value instanceof CodeableConcept concept ? text(concept.getCodingFirstRep().getCode()) : "";
    }

    // --- pages

    private Bundle page(String url) {
        return fhir.loadPage().byUrl(url).andReturnBundle(Bundle.class).execute();
    }

    private void pages(IQuery<IBaseBundle> search, Consumer<Bundle> each) {
        follow(search.returnBundle(Bundle.class).execute(), each);
    }

    /** Links are followed as they are; but none to another server, which would be given the token. */
    private void follow(Bundle first, Consumer<Bundle> each) {
        Bundle page = first;
        while (page != null) {
            each.accept(page);
            String next = page.getLink(Bundle.LINK_NEXT) == null ? null : page.getLink(Bundle.LINK_NEXT).getUrl();
            if (next != null && !next.startsWith(base + "/") && !next.startsWith(base + "?")) {
                throw new IllegalStateException(next + " leads to another place than " + base);
            }
            page = next == null ? null : page(next);
        }
    }

    /** The resources of a page by what they are referred to as. */
    private static final class Known {
        private final Map<String, Resource> byReference = new LinkedHashMap<>();

        Known(Bundle page) {
            page.getEntry().stream().map(BundleEntryComponent::getResource).forEach(resource -> byReference.put(
                    resource.fhirType() + "/" + resource.getIdElement().getIdPart(), resource));
        }

        <T extends Resource> List<T> all(Class<T> type) {
            return byReference.values().stream().filter(type::isInstance).map(type::cast).toList();
        }

        Practitioner practitioner(PractitionerRole role) {
            return found(role.getPractitioner(), Practitioner.class, new Practitioner());
        }

        Organization organization(PractitionerRole role) {
            return found(role.getOrganization(), Organization.class, new Organization());
        }

        private <T extends Resource> T found(Reference to, Class<T> type, T otherwise) {
            Resource resource = byReference.get(to.getReference());
            return type.isInstance(resource) ? type.cast(resource) : otherwise;
        }
    }

    // --- what is shown

    private void say(Practitioner who, Organization where) {
        Address address = address(where);
        String place = Stream.of(street(address), text(address.getPostalCode()), text(address.getCity()))
                .collect(Collectors.joining(" "));
        out.println((called(who) + " | " + text(where.getName()) + " | " + place).strip());
    }

    private static String called(Practitioner who) {
        return (given(who) + " " + text(who.getNameFirstRep().getFamily())).strip();
    }

    private static String given(Practitioner who) {
        HumanName name = who.getNameFirstRep();
        return name.getGiven().stream().map(PrimitiveType::getValue).collect(Collectors.joining(" "));
    }

    private static Address address(Organization where) {
        return where.getAddress().isEmpty() ? new Address() : where.getAddress().get(0);
    }

    private static String street(Address address) {
        return address.getLine().stream()
                .map(PrimitiveType::getValue)
                .filter(line -> line != null)
                .collect(Collectors.joining(" "));
    }

    private static String rpps(Practitioner who) {
        return who.getIdentifier().stream()
                .filter(identifier -> identifier.getType().getCoding().stream()
                        .anyMatch(coding -> "RPPS".equals(coding.getCode())))
                .map(identifier -> text(identifier.getValue()))
                .findFirst()
                .orElse("");
    }

    /** The label, or the code where the table has none, of what is from a table in whose name one of these is. */
    private static String coded(Practitioner who, String... tables) {
        return who.getQualification().stream()
                .flatMap(each -> each.getCode().getCoding().stream())
                .filter(coding -> Arrays.stream(tables).anyMatch(text(coding.getSystem())::contains))
                .map(coding -> coding.hasDisplay() ? coding.getDisplay() : text(coding.getCode()))
                .findFirst()
                .orElse("");
    }

    private static String secure(Stream<List<ContactPoint>> owners) {
        return owners.flatMap(List::stream)
                .map(each -> text(each.getValue()))
                .filter(value -> value.contains("mssante"))
                .findFirst()
                .orElse("");
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }

    private static String cell(String value) {
        return value.matches("(?s).*[\",\n\r].*") ? "\"" + value.replace("\"", "\"\"") + "\"" : value;
    }
}

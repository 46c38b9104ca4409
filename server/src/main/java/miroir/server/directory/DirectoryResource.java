package miroir.server.directory;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.path.RawValue;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** A resource as people know it: by its name and its number. */
public record DirectoryResource(ResourceKey key, RawBsonDocument fhir) {
    /** The types of the directory. */
    public static final Set<String> TYPES =
            Set.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device");

    /** By which of its numbers a resource is shown, the best known first. */
    private static final List<String> BEST_KNOWN = List.of("RPPS", "FINEG", "FINEJ", "SIRET", "SIREN", "IDNST");

    /** The resource of a version. */
    public static DirectoryResource of(ResourceVersion.Live live) {
        return new DirectoryResource(live.key(), live.fhir());
    }

    /** Its content. */
    public RawValue root() {
        return RawValue.of(fhir);
    }

    /** Whether nothing says that it is over. */
    public boolean isActive() {
        return !Lifecycle.isOver(root());
    }

    /** Its name; empty where it has none. */
    public String name() {
        RawValue name = root().get("name");
        if (name == null) {
            return root().all("deviceName").stream()
                    .map(each -> each.text("name"))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse("");
        }
        String text = name.text();
        return text != null ? text : ofPerson();
    }

    private String ofPerson() {
        return root().all("name").stream()
                .findFirst()
                .map(DirectoryResource::ofPerson)
                .orElse("");
    }

    private static String ofPerson(RawValue name) {
        Stream<String> given = name.all("given").stream().map(RawValue::text).filter(Objects::nonNull);
        return Stream.concat(Stream.ofNullable(name.text("family")), given).collect(Collectors.joining(" "));
    }

    /** The number by which it is known best; empty where it has none. */
    public String identifier() {
        List<RawValue> identifiers = root().all("identifier");
        for (String code : BEST_KNOWN) {
            for (RawValue each : identifiers) {
                String value = each.text("value");
                if (value != null && code.equals(codeOf(each))) {
                    return value;
                }
            }
        }
        return identifiers.stream()
                .map(each -> each.text("value"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    /** Which kind of number an identifier says that it is. */
    public static @Nullable String codeOf(RawValue identifier) {
        RawValue type = identifier.get("type");
        return type == null
                ? null
                : type.all("coding").stream()
                        .map(coding -> coding.text("code"))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    /** The id in a reference to a resource of that type; null where the element refers to nothing of it. */
    public @Nullable String referred(String element, String type) {
        RawValue reference = root().get(element);
        String text = reference == null ? null : reference.text("reference");
        return text != null && text.startsWith(type + "/")
                ? text.substring(type.length() + 1).replaceFirst("/_history/.*", "")
                : null;
    }
}

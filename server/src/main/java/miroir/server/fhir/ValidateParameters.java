package miroir.server.fhir;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.format.SentParameters;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What {@code $validate} is asked: in the URL, or in a Parameters resource, or in both; what is sent that is no Parameters is
 * the resource itself.
 *
 * @param resource null: the stored one
 */
record ValidateParameters(@Nullable RawBsonDocument resource, Mode mode, List<String> profiles) {
    static final List<String> OF_QUERY = List.of("mode", "profile");

    private static final int MOST_PROFILES = 10;

    private static final List<String> MODE_VALUES = List.of("valueCode", "valueString");
    private static final List<String> PROFILE_VALUES = List.of("valueCanonical", "valueUri", "valueUrl", "valueString");

    /** As what a resource would be sent. */
    enum Mode {
        NONE,
        CREATE,
        UPDATE,
        DELETE,
        PROFILE
    }

    ValidateParameters {
        profiles = List.copyOf(profiles);
    }

    /**
     * Reads both.
     *
     * @param sent of which only that it is a resource is known; null: nothing
     */
    static ValidateParameters of(FhirRequest request, @Nullable RawBsonDocument sent) {
        Reading reading = new Reading();
        request.query().forEach(reading::add);
        String type = request.key().type();
        String sentType = sent == null ? type : typeOf(sent);
        if (sent != null && sentType.equals("Parameters") && !type.equals("Parameters")) {
            SentParameters.of(sent).forEach(reading::add);
        } else {
            reading.resource = sent;
        }
        ValidateParameters asked =
                new ValidateParameters(reading.resource, reading.mode, List.copyOf(reading.profiles));
        asked.check(request);
        return asked;
    }

    private static String typeOf(BsonDocument resource) {
        BsonValue type = resource.get("resourceType");
        return type != null && type.isString() ? type.asString().getValue() : "";
    }

    private void check(FhirRequest request) {
        String type = request.key().type();
        boolean ofInstance = !request.key().id().isEmpty();
        if (resource != null && !typeOf(resource).equals(type)) {
            throw invalid("the resource is a \"" + Refusal.shown(typeOf(resource)) + "\", and the URL says " + type);
        }
        if (!ofInstance && (mode == Mode.UPDATE || mode == Mode.DELETE || mode == Mode.PROFILE)) {
            throw invalid("mode=" + mode.name().toLowerCase(Locale.ROOT) + " is about a resource: POST " + type
                    + "/[id]/$validate");
        }
        if (ofInstance && mode == Mode.CREATE) {
            throw invalid("mode=create is about no resource that there is: POST " + type + "/$validate");
        }
        if (mode == Mode.PROFILE && (resource != null || profiles.isEmpty())) {
            throw invalid("mode=profile is about the stored resource and a profile: name one, and send no resource");
        }
        if (!ofInstance && resource == null) {
            throw invalid("there is no resource to be validated: it is the body, or the parameter \"resource\" of it");
        }
    }

    private static Refusal invalid(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }

    /** What was read so far. */
    private static final class Reading {
        private @Nullable RawBsonDocument resource;
        private Mode mode = Mode.NONE;
        private final Set<String> profiles = new LinkedHashSet<>();

        void add(QueryParameter parameter) {
            if (OF_QUERY.contains(parameter.name())) {
                add(parameter.name(), parameter.value());
            }
        }

        void add(BsonDocument parameter) {
            BsonValue name = parameter.get("name");
            String text = name != null && name.isString() ? name.asString().getValue() : "";
            switch (text) {
                case "resource" -> addResource(parameter.get("resource"));
                case "mode" -> add(text, value(text, parameter, MODE_VALUES));
                case "profile" -> add(text, value(text, parameter, PROFILE_VALUES));
                default ->
                    throw invalid("the parameter \"" + Refusal.shown(text)
                            + "\" means nothing here; allowed: resource, mode, profile");
            }
        }

        private void addResource(@Nullable BsonValue sent) {
            if (resource != null || !(sent instanceof RawBsonDocument one)) {
                throw invalid("the parameter \"resource\" is given once, with a resource");
            }
            resource = one;
        }

        private void add(String name, String value) {
            if (name.equals("profile")) {
                addProfile(value);
            } else if (mode != Mode.NONE) {
                throw invalid("mode is given twice; allowed is once");
            } else {
                mode = mode(value);
            }
        }

        private static Mode mode(String value) {
            return switch (value) {
                case "create" -> Mode.CREATE;
                case "update" -> Mode.UPDATE;
                case "delete" -> Mode.DELETE;
                case "profile" -> Mode.PROFILE;
                default ->
                    throw invalid("mode=\"" + Refusal.shown(value)
                            + "\" is not offered; allowed: create, update, delete," + " profile");
            };
        }

        private void addProfile(String profile) {
            profiles.add(profile);
            if (profiles.size() > MOST_PROFILES) {
                throw invalid("there are more than " + MOST_PROFILES + " profiles; allowed: " + MOST_PROFILES);
            }
        }

        private static String value(String name, BsonDocument parameter, List<String> forms) {
            return forms.stream()
                    .map(parameter::get)
                    .filter(value -> value != null && value.isString())
                    .map(value -> value.asString().getValue())
                    .findFirst()
                    .orElseThrow(() -> invalid(
                            "the parameter \"" + name + "\" has no value that is one of " + String.join(", ", forms)));
        }
    }
}

package miroir.server.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.server.access.AdministratorRole;
import miroir.server.metadata.ServerVersion;
import miroir.server.routing.AdminRoute;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** Describes {@code /admin/api} for programs, from the same list by which it is routed. */
final class OpenApi {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");
    private static final String TEXT = "string";
    private static final String TEXTS = "array";
    private static final String FLAG = "boolean";

    /** What is sent, by field. */
    private static final Map<AdminRoute, Map<String, String>> BODIES = Map.ofEntries(
            Map.entry(AdminRoute.SETUP, Map.of("code", TEXT, "name", TEXT, "password", TEXT)),
            Map.entry(AdminRoute.LOG_IN, Map.of("name", TEXT, "password", TEXT)),
            Map.entry(AdminRoute.CHANGE_PASSWORD, Map.of("old", TEXT, "new", TEXT)),
            Map.entry(AdminRoute.PUT_ADMINISTRATOR, Map.of("role", TEXT, "password", TEXT)),
            Map.entry(AdminRoute.PUT_ROLE, Map.of("permissions", TEXTS)),
            Map.entry(AdminRoute.PUT_GROUP, Map.of("roles", TEXTS)),
            Map.entry(AdminRoute.PUT_CONSUMER, Map.of("contact", TEXT, "groups", TEXTS, "roles", TEXTS)),
            Map.entry(AdminRoute.BLOCK_CONSUMER, Map.of("blocked", FLAG)),
            Map.entry(AdminRoute.ISSUE_TOKEN, Map.of("label", TEXT, "expires", TEXT)));

    private OpenApi() {}

    /**
     * The description.
     *
     * @param root the path at which the client finds what is {@code /} here
     */
    static BsonDocument document(String root) {
        BsonDocument paths = new BsonDocument();
        for (AdminRoute route : AdminRoute.values()) {
            String path = "/" + route.path();
            BsonDocument methods = paths.getDocument(path, new BsonDocument());
            methods.put(route.method().toLowerCase(Locale.ROOT), operation(route));
            paths.put(path, methods);
        }
        return new BsonDocument("openapi", new BsonString("3.1.0"))
                .append(
                        "info",
                        new BsonDocument("title", new BsonString("Miroir, for administrators"))
                                .append("version", new BsonString(ServerVersion.text())))
                .append("servers", list(new BsonDocument("url", new BsonString(root + AdminRoute.BASE))))
                .append("paths", paths)
                .append(
                        "components",
                        new BsonDocument(
                                "securitySchemes",
                                new BsonDocument(
                                        "token",
                                        new BsonDocument("type", new BsonString("http"))
                                                .append("scheme", new BsonString("bearer")))));
    }

    private static BsonDocument operation(AdminRoute route) {
        BsonDocument operation = new BsonDocument("operationId", new BsonString(operationId(route)))
                .append("summary", new BsonString(route.summary()));
        List<BsonDocument> parameters =
                VARIABLE.matcher(route.path()).results().map(OpenApi::variable).collect(Collectors.toList());
        if (route.isVersioned()) {
            parameters.add(parameter("If-Match", "header", false)
                    .append(
                            "description",
                            new BsonString("The ETag of what is changed; none where there is nothing yet")));
        }
        if (!parameters.isEmpty()) {
            operation.append("parameters", new BsonArray(parameters));
        }
        Map<String, String> body = BODIES.get(route);
        if (body != null) {
            operation.append("requestBody", body(body));
        }
        if (route.needed() != AdministratorRole.NOBODY) {
            operation
                    .append(
                            "description",
                            new BsonString("Needs the role " + route.needed().word()))
                    .append("security", list(new BsonDocument("token", new BsonArray())));
        }
        return operation.append(
                "responses",
                new BsonDocument("2XX", new BsonDocument("description", new BsonString("Done")))
                        .append(
                                "4XX",
                                new BsonDocument(
                                        "description", new BsonString("An OperationOutcome that says why not"))));
    }

    private static String operationId(AdminRoute route) {
        String[] words = route.name().toLowerCase(Locale.ROOT).split("_", -1);
        return words[0]
                + Arrays.stream(words)
                        .skip(1)
                        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                        .collect(Collectors.joining());
    }

    private static BsonDocument variable(MatchResult name) {
        return parameter(name.group(1), "path", true);
    }

    private static BsonDocument parameter(String name, String in, boolean required) {
        return new BsonDocument("name", new BsonString(name))
                .append("in", new BsonString(in))
                .append("required", BsonBoolean.valueOf(required))
                .append("schema", new BsonDocument("type", new BsonString(TEXT)));
    }

    private static BsonDocument body(Map<String, String> fields) {
        BsonDocument properties = new BsonDocument();
        fields.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(field -> {
            BsonDocument schema = new BsonDocument("type", new BsonString(field.getValue()));
            properties.append(
                    field.getKey(),
                    field.getValue().equals(TEXTS)
                            ? schema.append("items", new BsonDocument("type", new BsonString(TEXT)))
                            : schema);
        });
        BsonDocument schema = new BsonDocument("type", new BsonString("object")).append("properties", properties);
        return new BsonDocument("content", new BsonDocument("application/json", new BsonDocument("schema", schema)));
    }

    private static BsonArray list(BsonDocument one) {
        return new BsonArray(List.of(one));
    }
}

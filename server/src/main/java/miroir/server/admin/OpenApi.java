package miroir.server.admin;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.server.access.AdministratorRole;
import miroir.server.metadata.ServerVersion;
import miroir.server.routing.AdminField;
import miroir.server.routing.AdminRoute;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** Describes {@code /admin/api} for programs, from the same list by which it is routed. */
final class OpenApi {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");
    private static final String TEXT = "string";

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
        if (route.isGet()) {
            route.fields()
                    .forEach(field -> parameters.add(
                            parameter(field.name(), "query", field.required()).append("schema", schema(field.kind()))));
        }
        if (route.isVersioned()) {
            parameters.add(parameter("If-Match", "header", false)
                    .append(
                            "description",
                            new BsonString("The ETag of what is changed; none where there is nothing yet")));
        }
        if (!parameters.isEmpty()) {
            operation.append("parameters", new BsonArray(parameters));
        }
        if (!route.isGet() && !route.fields().isEmpty()) {
            operation.append("requestBody", body(route.fields()));
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

    private static BsonDocument body(List<AdminField> fields) {
        BsonDocument properties = new BsonDocument();
        fields.forEach(field -> properties.append(field.name(), schema(field.kind())));
        BsonDocument schema = new BsonDocument("type", new BsonString("object")).append("properties", properties);
        List<String> required = fields.stream()
                .filter(AdminField::required)
                .map(AdminField::name)
                .toList();
        if (!required.isEmpty()) {
            schema.append("required", AdminAnswer.texts(required));
        }
        return new BsonDocument("content", new BsonDocument("application/json", new BsonDocument("schema", schema)));
    }

    private static BsonDocument schema(AdminField.Kind kind) {
        return switch (kind) {
            case TEXT -> new BsonDocument("type", new BsonString(TEXT));
            case TEXTS ->
                new BsonDocument("type", new BsonString("array"))
                        .append("items", new BsonDocument("type", new BsonString(TEXT)));
            case FLAG -> new BsonDocument("type", new BsonString("boolean"));
            case NUMBER -> new BsonDocument("type", new BsonString("integer")).append("minimum", new BsonInt32(1));
            case INSTANT ->
                new BsonDocument("type", new BsonString(TEXT)).append("format", new BsonString("date-time"));
        };
    }

    private static BsonArray list(BsonDocument one) {
        return new BsonArray(List.of(one));
    }
}

package miroir.storage.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class a {@link TestDatabase} of its own on a real mongod: constructor, {@code @BeforeAll},
 * {@code @BeforeEach} and test methods may ask for it, and all see the same one. The mongod is shared by the JVM.
 */
public final class MongoExtension implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(MongoExtension.class);
    private static final int LONGEST_CLASS_NAME = 40;

    @Override
    public void beforeAll(ExtensionContext context) {
        database(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestDatabase.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return database(context);
    }

    private static TestDatabase database(ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .computeIfAbsent(OpenDatabase.class, key -> open(context), OpenDatabase.class)
                .database();
    }

    private static OpenDatabase open(ExtensionContext context) {
        String test = context.getRequiredTestClass().getSimpleName().toLowerCase(Locale.ROOT);
        String name = "test_" + test.substring(0, Math.min(test.length(), LONGEST_CLASS_NAME)) + "_"
                + UUID.randomUUID().toString().substring(0, 8);
        return new OpenDatabase(new TestDatabase(TestMongod.uri(), name));
    }

    /** Closed by JUnit with the context of the test class. */
    private record OpenDatabase(TestDatabase database) implements AutoCloseable {
        @Override
        public void close() {
            try (MongoClient client = MongoClients.create(database.uri())) {
                for (String name : client.listDatabaseNames()) {
                    if (name.equals(database.name()) || name.startsWith(database.name() + "_")) {
                        client.getDatabase(name).drop();
                    }
                }
            }
        }
    }
}

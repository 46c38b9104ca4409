package miroir.storage;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A collection that does everything within a session. The driver has each of its methods twice, with a session in front and
 * without one; what has no such twin, such as the size from the metadata, is done outside. So the queries and writes of single
 * resources work in a transaction without knowing of it.
 */
final class SessionCollection implements InvocationHandler {
    private static final Map<Method, Method> TWINS = twins();

    private final ClientSession session;
    private final MongoCollection<?> collection;

    private SessionCollection(ClientSession session, MongoCollection<?> collection) {
        this.session = session;
        this.collection = collection;
    }

    static MongoCollection<?> of(ClientSession session, MongoCollection<?> collection) {
        return (MongoCollection<?>) Proxy.newProxyInstance(
                SessionCollection.class.getClassLoader(),
                new Class<?>[] {MongoCollection.class},
                new SessionCollection(session, collection));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object[] given = arguments == null ? new Object[0] : arguments;
        Method twin = TWINS.get(method);
        try {
            Object result = twin == null
                    ? method.invoke(collection, given)
                    : twin.invoke(
                            collection,
                            Stream.concat(Stream.of(session), Stream.of(given)).toArray());
            return result instanceof MongoCollection<?> other ? of(session, other) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static Map<Method, Method> twins() {
        Map<Method, Method> twins = new HashMap<>();
        for (Method method : MongoCollection.class.getMethods()) {
            Method twin = twin(method);
            if (twin != null) {
                twins.put(method, twin);
            }
        }
        return Map.copyOf(twins);
    }

    private static @Nullable Method twin(Method method) {
        try {
            Class<?>[] parameters = Stream.concat(Stream.of(ClientSession.class), Stream.of(method.getParameterTypes()))
                    .toArray(Class<?>[]::new);
            return MongoCollection.class.getMethod(method.getName(), parameters);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}

package miroir.war;

import java.util.List;

/** Shows an application the classes of its container and of the JVM alone, not those that the tests happen to have. */
final class ContainersOwn extends ClassLoader {
    private static final List<String> PACKAGES = List.of(
            "jakarta.servlet.", "org.apache.catalina.", "org.apache.tomcat.", "org.apache.juli.", "org.eclipse.jetty.");

    private final ClassLoader container;

    ContainersOwn(ClassLoader container) {
        super(ClassLoader.getPlatformClassLoader());
        this.container = container;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (PACKAGES.stream().noneMatch(name::startsWith)) {
            throw new ClassNotFoundException(name);
        }
        return container.loadClass(name);
    }
}

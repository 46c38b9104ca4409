package miroir.server;

/** The container of servlets that the tests are to run in. */
public final class NamedContainer implements TestContainer {
    /** The loader of services makes one. */
    public NamedContainer() {}

    @Override
    public Container start(Tenant tenant, String path) throws Exception {
        String name = System.getProperty("miroir.container", "tomcat");
        TestContainer named = switch (name) {
            case "tomcat" -> new TomcatContainer();
            case "jetty" -> new JettyContainer();
            default -> throw new IllegalArgumentException("there is tomcat and jetty, and no " + name);
        };
        return named.start(tenant, path);
    }
}

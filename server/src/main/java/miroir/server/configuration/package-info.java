/** What an operator can set in {@code conf/server.yaml}: one record per section, each with its defaults; some of it also in the console, while servers
 * run. Nothing else in the server reads files or the environment to decide how to behave. */
@NullMarked
package miroir.server.configuration;

import org.jspecify.annotations.NullMarked;

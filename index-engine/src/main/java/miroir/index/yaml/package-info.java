/** Configuration files as typed values that know their file and line. {@link miroir.index.yaml.YamlNode} reads them; what
 * it does not understand it refuses with {@link miroir.index.yaml.ConfigurationRefused}. */
@NullMarked
package miroir.index.yaml;

import org.jspecify.annotations.NullMarked;

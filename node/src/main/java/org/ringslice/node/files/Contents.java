package org.ringslice.node.files;

import java.util.ArrayList;
import java.util.List;
import org.ringslice.messages.Bytes;
import org.ringslice.messages.Content;
import org.ringslice.messages.Id;
import org.ringslice.messages.Nature;
import org.ringslice.node.port.ContentReader;

/** What the manifests of files and folders tell: what they are, and what their parts are. */
public final class Contents implements ContentReader {
  @Override
  public List<Content> read(Id id, Bytes blob) {
    try {
      if (Manifest.looksLikeOne(blob)) {
        return ofFile(id, Manifest.parse(blob));
      } else if (FolderManifest.looksLikeOne(blob)) {
        return ofFolder(id, FolderManifest.parse(blob));
      }
    } catch (IllegalArgumentException e) {
      // it only begins like one
    }
    return List.of();
  }

  private static List<Content> ofFile(Id id, Manifest manifest) {
    List<Content> contents = new ArrayList<>(manifest.parts().size() + 1);
    contents.add(new Content(id, Nature.FILE, manifest.size()));
    Nature ofParts = manifest.depth() == 0 ? Nature.BLOCK : Nature.MANIFEST;
    for (Manifest.Part part : manifest.parts()) {
      contents.add(new Content(part.id(), ofParts, part.size()));
    }
    return contents;
  }

  private static List<Content> ofFolder(Id id, FolderManifest folder) {
    List<Content> contents = new ArrayList<>();
    contents.add(new Content(id, Nature.FOLDER, folder.sizeBytes()));
    if (folder instanceof FolderManifest.Pages pages) {
      for (FolderManifest.Page page : pages.pages()) {
        contents.add(new Content(page.id(), Nature.MANIFEST, page.sizeBytes()));
      }
    } else if (folder instanceof FolderManifest.Entries entries) {
      entries.entries().forEach(entry -> ofEntry(entry, contents));
    }
    return contents;
  }

  private static void ofEntry(FolderEntry entry, List<Content> contents) {
    if (entry instanceof FolderEntry.File file) {
      contents.add(new Content(file.id(), Nature.FILE, file.sizeBytes()));
    } else if (entry instanceof FolderEntry.Folder folder) {
      contents.add(new Content(folder.id(), Nature.FOLDER, folder.sizeBytes()));
    }
  }
}

import { type Page, type ShownOutput, shownOutputs, withOutputs } from './pages.ts';
import { comparable, openScene, printedBy, type Scene, type Start } from './scenes.ts';

/**
 * A page with what its commands print now; where only times differ, as it is.
 * @param isWanted whether a command is run
 */
export async function printedPage(
  { text }: Page,
  isWanted: (shown: ShownOutput) => boolean,
  start: Start,
): Promise<string> {
  // The commands of a page that share a scene run in one folder, in their order.
  const scenes = new Map<string, Scene>();
  const outputs: string[] = [];
  try {
    for (const shown of shownOutputs(text)) {
      if (!isWanted(shown)) {
        outputs.push(shown.text);
        continue;
      }
      const scene = scenes.get(shown.scene) ?? openScene(shown.scene);
      scenes.set(shown.scene, scene);
      const printed = await printedBy(shown, scene, start);
      outputs.push(comparable(shown, printed) === comparable(shown, shown.text) ? shown.text : printed);
    }
    return withOutputs(text, outputs);
  } finally {
    for (const scene of scenes.values()) scene.close();
  }
}

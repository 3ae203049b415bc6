import {useEffect} from "react";
import {useStore} from "../state/store.ts";
import {Icon} from "../parts/Icon.tsx";

const SHOWN_MS = 12_000;

const close = (): void => useStore.setState({notice: undefined});

/** One line at the foot of the page about what was just done, with a way to take it back. */
export function NoticeBar() {
  const notice = useStore((state) => state.notice);
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(close, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div className="notice-place" role="status" aria-live="polite">
      {notice && (
        <p className="notice">
          <span>{notice.text}</span>
          {notice.action && (
            <button
              type="button"
              className="quiet"
              onClick={() => {
                notice.action?.run();
                close();
              }}
            >
              {notice.action.label}
            </button>
          )}
          <button type="button" className="quiet" onClick={close} aria-label="Dismiss">
            <Icon name="close" />
          </button>
        </p>
      )}
    </div>
  );
}

import { buildApp } from './platform-app';

buildApp().synth();
